#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154 # for the shell that is run; the helper sets them
# regwait compare: what a program prints, how it ends, and what progress is shown.

load ../lib/cli

setup() {
	tool_setup
	need_registered_waits
}

teardown() { tool_teardown; }

@test "the program's output is kept away, unless asked for" {
	program=(sh -c "$BIN/waiter 10; echo to-error >&2")
	tool compare --pairs 2 "${program[@]}"
	ended 12
	silent err
	unsaid out 'to-error|figure: '
	tool compare --pairs 2 --show-output "${program[@]}"
	ended 12
	# One run that is not counted, and two pairs.
	[ "$(grep -c '^to-error$' "$OUT/err")" = 5 ]
	[ "$(grep -c '^figure: 10$' "$OUT/err")" = 5 ]
}

@test "--metric reads both streams" {
	tool compare --pairs 2 --metric 'rate ([0-9]+)' --json sh -c "$BIN/waiter 10; echo rate 70 >&2"
	ended 12
	[ "$(json out metric_off)" = 70.0 ]
	tool compare --pairs 2 --metric 'figure: ([0-9]+)' --json sh -c "$BIN/waiter 10; echo rate 70 >&2"
	[ "$(json out metric_on)" = 10.0 ]
}

@test "several processes write to a stream, and nothing is written over" {
	tool compare --pairs 1 --same-output --show-output sh -c "$BIN/waiter 10; (echo one; echo two); echo three"
	ended 12
	[ "$(grep -c '^two$' "$OUT/err")" = 3 ]
	[ "$(grep -c '^three$' "$OUT/err")" = 3 ]
}

@test "what fails in both variants is not judged, and its last words are told" {
	program=(sh -c "$BIN/waiter 10; echo no such table >&2; exit 3")
	tool compare --pairs 2 "${program[@]}"
	ended 14
	said out '^  refused +the program fails in both variants, with exit status 3 .it says: no such table;'
	tool compare --pairs 2 --ignore-failure "${program[@]}"
	ended 12
	tool compare --pairs 2 --report "$OUT/report" false
	ended 14
	said out 'it says nothing'
	# Times are told, but no ratio, and nothing is called judged.
	said out '^  wall time '
	unsaid out 'ratio|outliers|judged$'
	unsaid report '>judged<|ratio <b>|class="pair|far from the rest'
	tool compare --pairs 2 --json false
	ended 14
	[ "$(json out wall_ratio)" = null ]
}

@test "not exercised, and why" {
	REGWAIT_MAX_RINGS=0 tool compare --pairs 1 "$BIN/waiter" 10
	ended 13
	said out 'none of 10 timed waits was registered or polled: REGWAIT_MAX_RINGS rings'
	REGWAIT_SKIP=waiter tool compare --pairs 1 "$BIN/waiter" 10
	ended 13
	said out 'not loaded into the program: REGWAIT_SKIP names waiter'
	build build/tests/integration/common/deny
	AS=("$BUILT/integration/common/deny" setup=EPERM --)
	tool compare --pairs 1 --ignore-failure "$BIN/waiter" 10
	ended 13
	said out 'no timed wait was seen; a seccomp filter'
}

@test "a program of another C library runs as without, and is not exercised" {
	command -v musl-gcc >/dev/null || skip "there is no musl-gcc"
	echo 'int main(void) { return 0; }' >"$OUT/zero.c"
	musl-gcc -o "$OUT/zero" "$OUT/zero.c"
	tool compare --pairs 1 "$OUT/zero"
	ended 13
	said out 'zero uses musl'
}

@test "--input: every run reads the file" {
	seq 1000 >"$OUT/numbers"
	tool compare --pairs 2 --same-output --show-output --input "$OUT/numbers" sh -c "$BIN/waiter 10; wc -l"
	ended 12
	[ "$(grep -c '^1000$' "$OUT/err")" = 5 ]
	tool compare --input "$OUT/none" touch "$OUT/ran"
	ended 1
	said err 'none: No such file'
	[ ! -e "$OUT/ran" ]
	tool compare --input "$OUT" touch "$OUT/ran"
	ended 1
	said err '^regwait compare: cannot read .*: Is a directory$'
	[ ! -e "$OUT/ran" ]
	misused compare --input "$OUT/numbers" --attach 1
}

@test "progress on a terminal, and nowhere else" {
	command -v script >/dev/null || skip "there is no script(1)"
	TERM=xterm script -qec "stty cols 60; '$CLI' compare --pairs 3 '$BIN/waiter' 200 >$OUT/out" /dev/null \
		</dev/null >"$OUT/shown" || true
	tr '\r' '\n' <"$OUT/shown" | sed 's/\x1b\[K//' >"$OUT/lines"
	said lines '^regwait compare: no pair yet$'
	said lines '^regwait compare: 2 pairs, ratio [0-9.]+ \([0-9.]+ to'
	[ "$(wc -L <"$OUT/lines")" -lt 60 ]
	# At the end it is gone.
	[ "$(tail -c 4 "$OUT/shown")" = $'\r\033[K' ]
	unsaid out 'pairs, ratio'
	tool compare --pairs 3 "$BIN/waiter" 200
	silent err
}

@test "the last words of much are told" {
	tool compare --pairs 1 sh -c 'head -c 40000000 /dev/zero >&2; echo >&2; echo enough >&2; exit 3'
	ended 14
	said out 'it says: enough;'
}

@test "much is read to the end, and in its order, while the program runs" {
	# 48 MB in lines, a figure among them, and one that differs where the first argument says so.
	cat >"$OUT/much" <<-END
		#!/bin/sh
		line=\$(head -c 999 /dev/zero | tr '\0' x)
		yes "\$line" | head -n 24000
		echo "rate 70 \${1:+\$REGWAIT}"
		yes "\$line" | head -n 24000
		echo rate 80
		exec "$BIN/waiter" 10
	END
	chmod +x "$OUT/much"
	tool compare --pairs 1 --metric 'rate ([0-9]+)' --same-output --json "$OUT/much"
	ended 12
	[ "$(json out metric_off) $(json out metric_on)" = "70.0 70.0" ]
	tool compare --pairs 1 --same-output "$OUT/much" differs
	ended 14
	said out 'the outputs differ'
	"$OUT/much" >"$OUT/plain"
	tool compare --pairs 1 --show-output "$OUT/much"
	ended 12
	cmp "$OUT/err" <(cat "$OUT/plain" "$OUT/plain" "$OUT/plain")
}

@test "who prints very much waits for the reader, and who prints less writes to a file" {
	# Tells by a figure what standard output is: 1 a file, 2 a pipe.
	cat >"$OUT/tells" <<-END
		#!/bin/bash
		[ ! -p /dev/fd/1 ] && echo kind 1 || echo kind 2
		[ -z "\$2" ] || { sleep 100 & echo \$! >>"\$2"; }
		head -c \$1 /dev/zero
		exec "$BIN/waiter" 10
	END
	chmod +x "$OUT/tells"
	for much in "1000 1.0" "60000000 1.0" "70000000 2.0"; do
		tool compare --pairs 1 --metric 'kind ([0-9])' --json "$OUT/tells" "${much% *}"
		ended 12
		[ "$(json out metric_off) $(json out metric_on)" = "${much#* } ${much#* }" ]
	done
	# A reader that is late, and one that is left behind by a process that goes on.
	{
		tool_status=0
		"$CLI" compare --pairs 1 --show-output "$OUT/tells" 70000000 "$OUT/left" 2>&1 >"$OUT/out" </dev/null || tool_status=$?
		echo $tool_status >"$OUT/status"
	} | { until_true test -s "$OUT/left"; wc -c; } >"$OUT/err"
	xargs kill <"$OUT/left"
	[ "$(<"$OUT/status")" = 12 ]
	[ "$(wc -l <"$OUT/left")" = 3 ]
	[ "$(<"$OUT/err")" = $((3 * (70000000 + 7 + 11))) ]
	# What we took to read it is no memory of the program's.
	awk '/peak memory/ && ($4 + 0 > 15 || $6 + 0 > 15) { exit 1 }' "$OUT/out"
}

@test "a program that is ended, and not with the command, was killed: there is nothing to judge" {
	for signal in INT TERM HUP QUIT KILL SEGV; do
		tool compare --pairs 2 sh -c "$BIN/waiter 10; kill -$signal \$\$"
		ended 14
		said out "^  refused +the program was killed by signal $(kill -l $signal)$"
	done
}
