#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2030,SC2031,SC2034,SC2154 # subshells; the helper sets them
# regwait compare: every run reads the same standard input.

load ../lib/cli

setup() {
	tool_setup
	need_registered_waits
	# Says what it read, and of what kind that was, and waits.
	cat >"$OUT/reader" <<-END
		#!/bin/bash
		[ -p /dev/stdin ] && kind=pipe || kind=other
		echo "\$kind \$(\${READ:-cat} | cksum)" >>"$OUT/read"
		exec "$BIN/waiter" 3
	END
	chmod +x "$OUT/reader"
}

teardown() { tool_teardown; }

# compared: one run that is not counted and two pairs have read, all of them what is expected.
compared() {
	[ "$(wc -l <"$OUT/read")" = 5 ]
	[ "$(sort -u "$OUT/read")" = "$1" ]
	rm "$OUT/read"
}

compare() {
	timeout -k 2 120 "$CLI" compare --pairs 2 "$OUT/reader" >"$OUT/out" 2>"$OUT/err" ||
		[ $? -ge 10 ]
}

@test "what comes through a pipe, every run gets" {
	for size in 0 1 100000 3000000; do
		head -c $size /dev/urandom >"$OUT/data"
		compare < <(cat "$OUT/data")
		compared "pipe $(cksum <"$OUT/data")"
	done
}

@test "what comes late, every run gets" {
	{ echo first; sleep 0.5; echo second; } | compare
	compared "pipe $(printf 'first\nsecond\n' | cksum)"
}

@test "no run reads more than it asks for: a source without an end, one that says nothing" {
	yes | READ='head -c 300000' compare
	compared "pipe $(yes | head -c 300000 | cksum)"
	mkfifo "$OUT/silent"
	sleep 1000 >"$OUT/silent" 3>&- &
	STARTED+=("$!")
	READ=true compare <"$OUT/silent"
	compared "pipe $(true | cksum)"
}

@test "what one run leaves, the next one reads" {
	cat >"$OUT/reader" <<-END
		#!/bin/bash
		n=\$(wc -l 2>/dev/null <"$OUT/read" || echo 0)
		echo "pipe \$(head -c \$((100000 * (n % 2 + 1))) | cksum)" >>"$OUT/read"
		exec "$BIN/waiter" 3
	END
	: >"$OUT/read"
	head -c 1000000 /dev/urandom >"$OUT/data"
	compare < <(cat "$OUT/data")
	[ "$(sed -n '1~2p' "$OUT/read" | sort -u)" = "pipe $(head -c 100000 "$OUT/data" | cksum)" ]
	[ "$(sed -n '2~2p' "$OUT/read" | sort -u)" = "pipe $(head -c 200000 "$OUT/data" | cksum)" ]
}

@test "a socket" {
	command -v python3 >/dev/null || skip "python3 is not installed"
	python3 - "$OUT/reader" "$CLI" >"$OUT/out" 2>"$OUT/err" <<-'END'
		import socket, subprocess, sys
		a, b = socket.socketpair()
		a.sendall(b'text' * 5000)
		a.shutdown(socket.SHUT_WR)
		subprocess.run([sys.argv[2], 'compare', '--pairs', '2', sys.argv[1]], stdin=b)
	END
	compared "pipe $(printf 'text%.0s' {1..5000} | cksum)"
}

@test "a file, from where it stands" {
	head -c 200000 /dev/urandom | base64 >"$OUT/data"
	{ read -r _; compare; } <"$OUT/data"
	compared "other $(tail -n +2 "$OUT/data" | cksum)"
}

@test "nothing, and a closed one" {
	compare </dev/null
	compared "other $(cksum </dev/null)"
	READ=true compare <&-
	compared "other $(cksum </dev/null)"
}
