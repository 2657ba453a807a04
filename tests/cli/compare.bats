#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2030,SC2031,SC2034,SC2143,SC2154 # subshells; the helper sets them
# regwait compare: what it judges, what it refuses to judge, and that nothing is left behind.

load ../lib/cli

setup() {
	tool_setup
	need_registered_waits
}

teardown() { tool_teardown; }

@test "a few pairs" {
	unique_copy "$BIN/waiter"
	tool compare --pairs 3 --seed 7 "$copy" 2000
	judged
	silent err
	said out '^  pairs +3'
	said out '^  waits registered or polled +6000 in the on variant'
	said out '^  bootstrap seed +7'
	for measure in 'wall time' 'peak memory'; do
		said out "^  $measure +off [0-9].*, on [0-9].*ratio [0-9]"
	done
	# The verdict first, then what was judged.
	[ "$(sed -n 1p "$OUT/out")" = Verdict ]
	[[ $(sed -n '2,5p' "$OUT/out") == '  inconclusive'*$'\n\n'"$copy"$'\n  wall time '*' <- judged' ]]
	# A time that is so short is printed without a ratio, because of the clock's resolution. What others
	# took of the processor may count as the program's: then it is not so short.
	for measure in 'user time' 'system time'; do
		said out "^  $measure +off [0-9.e-]+, on [0-9.e-]+ s; (too short to be compared|ratio [0-9])"
	done
	awk '/^  (user|system) time/ && ($4 + 0 >= 0.04 && $6 + 0 >= 0.04) != /ratio/ { print; exit 1 }' "$OUT/out"
	# Three pairs cannot tell anything.
	ended 12
	said out '^  inconclusive +about [0-9]+ more pairs'
	nothing_left "$name"
}

@test "as JSON" {
	tool compare --pairs 1 --json "$BIN/waiter" 2000
	ended 12
	[ "$(json out verdict_word)" = inconclusive ]
	[ "$(json out exit_code)" = 12 ]
	[ "$(json out pairs)" = 1 ]
	json out wall_ratio
	json out wall_low
	json out wall_high
	short=$({ json out user_off; json out user_on; } | awk '$1 < 0.04 { short = 1 } END { print short + 0 }')
	[ "$short" = 0 ] || [ "$(json out user_ratio)" = null ]
}

@test "the budget ends it" {
	# If nobody says so, it is a minute.
	LIMIT=50 tool compare --budget 1 "$BIN/waiter" 2000
	judged
}

@test "the program's own figure" {
	tool compare --pairs 2 --metric 'figure: ([0-9]+)' --json "$BIN/waiter" 300
	judged
	[ "$(json out metric_off)" = 300.0 ]
	[ "$(json out metric_ratio)" = 1.0 ]
	tool compare --pairs 2 --metric 'figure: ([0-9]+)' --larger "$BIN/waiter" 300
	judged
	said out '^  its own figure +off 300, on 300; .*<- judged'
	tool compare --pairs 2 --metric 'nothing like this' "$BIN/waiter" 300
	ended 14
	said out '^  refused +no figure in the output'
}

@test "a regular expression that is none" {
	misused compare --metric '([' "$BIN/waiter" 300
	said err 'not a regular expression'
}

@test "variants that end differently are not judged" {
	# shellcheck disable=SC2016 # for the shell that is run
	tool compare --pairs 2 sh -c "$BIN/waiter 10; [ \$REGWAIT = on ]"
	ended 14
	said out '^  refused +the exit status differs: off 1, on 0'
	tool compare --pairs 2 sh -c 'kill -SEGV $$'
	ended 14
	said out 'killed by signal 11'
}

@test "variants that print differently are not judged, if so asked" {
	# shellcheck disable=SC2016
	program=(sh -c "$BIN/waiter 10; echo \$REGWAIT")
	tool compare --pairs 2 --same-output "${program[@]}"
	ended 14
	said out '^  refused +the outputs differ'
	tool compare --pairs 2 "${program[@]}"
	judged
	tool compare --pairs 2 --same-output "$BIN/waiter" 10
	judged
}

@test "nothing to compare: not exercised" {
	tool compare --pairs 1 true
	ended 13
	said out '^  not exercised +no timed wait was seen'
	REGWAIT_SKIP=waiter tool compare --pairs 1 "$BIN/waiter" 10
	ended 13
}

@test "--baseline none" {
	# shellcheck disable=SC2016
	tool compare --baseline none --pairs 1 --same-output sh -c \
		"$BIN/waiter 10; echo \${LD_PRELOAD:+preloaded}"
	ended 14
	tool compare --baseline none --pairs 1 "$BIN/waiter" 10
	judged
}

@test "what cannot be run" {
	tool compare --pairs 1 /nonexistent/program
	ended 1
	silent out
	said err 'cannot run /nonexistent/program: No such file'
}

@test "what the shim cannot get into is not judged, and that is said" {
	tool compare --pairs 1 "$BIN/waiter-static" 5
	ended 13
	said out '^  not exercised +the shim was not loaded into the program: waiter-static is static'
	open_copy
	chmod u+s "$copy"
	as_other
	tool compare --pairs 1 "$copy" 5
	ended 13
	said out 'the shim was not loaded into the program: .* has set-user-ID'
}

@test "another machine's program" {
	cp "$BIN/waiter" "$OUT/foreign"
	printf '\026\000' | dd of="$OUT/foreign" bs=1 seek=18 conv=notrunc status=none
	"$OUT/foreign" 2>/dev/null && skip "this machine runs it"
	tool compare --pairs 1 "$OUT/foreign"
	ended 1
	said err 'cannot run .*: Exec format error'
}

@test "a full /dev/shm is named" {
	as_full
	tool compare --pairs 1 "$BIN/waiter" 5
	ended 13
	said out '^  not exercised +/dev/shm is full'
}

@test "why a report cannot be made is what is told" {
	tool compare --pairs 1 --report /sys/report true
	ended 1
	[ "$(<"$OUT/err")" = 'regwait compare: cannot write /sys/report: Permission denied' ]
}

@test "a report is text, whatever the program is called" {
	command -v iconv >/dev/null || skip "there is no iconv"
	name=$(printf 'n\377\300\200\355\240\200\303\274\033<\360\237\230\200')
	cp "$BIN/waiter" "$OUT/$name"
	tool compare --pairs 1 --report "$OUT/report" "$OUT/$name" 5
	iconv -f UTF-8 -t UTF-8 "$OUT/report" >/dev/null
	said report "n(&#65533;){6}ü&#65533;&#60;😀</p>\$"
}

@test "a report is one page that needs nothing else" {
	tool compare --pairs 4 --report "$OUT/report.html" "$BIN/waiter" 1000
	judged
	cp "$OUT/report.html" "$OUT/page"
	[ "$(head -n 1 "$OUT/page")" = '<!doctype html>' ]
	[ "$(tail -n 1 "$OUT/page")" = '</html>' ]
	said page '<svg '
	said page 'wall time'
	# The verdict, what was run, when and where, and which measure was judged.
	said page '^<h1>Inconclusive</h1>$'
	said page "^<dt>command<dd>.*/waiter 1000$"
	for fact in date system kernel; do
		said page "^<dt>$fact<dd>.+"
	done
	said page '^<dt>version<dd>regwait [0-9]'
	[ "$(grep -c 'class="judged"' "$OUT/page")" = 1 ]
	said page 'prefers-color-scheme:dark'
	said page 'name="viewport"'
	# An axis with round numbers for each drawing and each row of ratios.
	[ "$(grep -c '<path class="axis" d="M[0-9.]* [0-9.]*H' "$OUT/page")" = \
		"$(($(grep -c '<svg ' "$OUT/page") + $(grep -c 'class="one"' "$OUT/page")))" ]
	# No word begins or ends outside of the drawing.
	grep -o '<text x="[0-9.-]*"' "$OUT/page" | tr -dc '0-9.\n-' | awk '$1 < 20 || $1 > 433 { exit 1 }'
	# Nothing that would be fetched, and no "nan" or "inf".
	unsaid page '(https?:|//|src=|<link|<script|@import|url\()'
	unsaid page '"-?(nan|inf)'
	# Four runs of each variant of each of five measures, and four ratios where there are any.
	[ "$(grep -c '<circle class="o' "$OUT/page")" = 40 ]
	[ "$(grep -c '<circle class="pair' "$OUT/page")" = $((4 * $(grep -c 'class="one"' "$OUT/page"))) ]
	[ "$(grep -c '<svg ' "$OUT/page")" = "$(grep -c '</svg>' "$OUT/page")" ]
}

@test "the program's name cannot break the page" {
	cp "$BIN/waiter" "$OUT/<b>&"
	tool compare --pairs 1 --report "$OUT/report.html" "$OUT/<b>&" 10
	judged
	cp "$OUT/report.html" "$OUT/page"
	unsaid page '<b>&'
	said page '&#60;b&#62;&#38;'
}

@test "a report that cannot be written" {
	tool compare --pairs 1 --report /dev/full "$BIN/waiter" 10
	ended 1
	said err '/dev/full: No space left'
	tool compare --pairs 20 --report /dev/full "$BIN/waiter" 10
	ended 1
	said err '/dev/full: No space left'
}

@test "a report that cannot be written to is refused before anything is run" {
	for report in /nonexistent/report.html "$OUT"; do
		tool compare --pairs 1 --report "$report" touch "$OUT/ran"
		ended 1
		silent out
		said err "$report: (No such file|Is a directory)"
		[ ! -e "$OUT/ran" ]
	done
}

@test "an older report stays until there is a new one, and none is left without figures" {
	echo old >"$OUT/report"
	tool compare --report "$OUT/report" /nonexistent/program
	ended 1
	[ "$(<"$OUT/report")" = old ]
	tool compare --report "$OUT/report.new" /nonexistent/program
	[ ! -e "$OUT/report.new" ]
	tool compare --pairs 1 --report "$OUT/report" "$BIN/waiter" 10
	[ "$(head -n 1 "$OUT/report")" = '<!doctype html>' ]
}

# One run of twenty-four takes far longer than the others: which one, a file of its own counts.
outlying() {
	cat >"$OUT/outlying" <<-END
		#!/bin/bash
		echo >>"$OUT/count"
		if [ \$(wc -l <"$OUT/count") = 8 ]; then echo 50; else echo 100; fi
		exec $BIN/waiter 10
	END
	chmod +x "$OUT/outlying"
}

@test "outliers are named, and kept" {
	outlying
	tool compare --pairs 8 --metric '^([0-9]+)' --larger --json --report "$OUT/report" "$OUT/outlying"
	judged
	[ "$(json out pairs)" = 8 ]
	# The first run is not counted, so the eighth is the second variant of the fourth pair...
	said out '"outliers":\[\{"pair":4,"variant":"(off|on)","value":50\.0,"ratio":(0\.5|2\.0),'
	cp "$OUT/report" "$OUT/page"
	said page '^<li>pair 4: (off|on) 50, ratio (0\.5000|2\.0000)</li>'
	[ "$(grep -c 'class="pair far"' "$OUT/page")" -ge 1 ]
	rm "$OUT/count"
	tool compare --pairs 8 --metric '^([0-9]+)' "$OUT/outlying"
	said out '^  outliers, kept +1 of 8: pair 4: (off|on) 50, ratio (0\.5000|2\.0000)$'
}

@test "larger figures are told of the variant that has them" {
	# shellcheck disable=SC2016 # for the shell that is run
	tool compare --pairs 8 --metric '^([0-9]+)' --larger --json \
		sh -c '[ $REGWAIT = on ] && echo 200 || echo 100; '"$BIN/waiter 10"
	ended 0
	[ "$(json out metric_off)" = 100.0 ]
	[ "$(json out metric_on)" = 200.0 ]
	[ "$(json out metric_ratio)" = 2.0 ]
}

@test "--aa: both variants are off, and what then shows is noise" {
	tool compare --aa --pairs 2 --same-output --json sh -c "$BIN/waiter 10; echo \$REGWAIT"
	judged
	[ "$(json out gained)" = 0 ]
	said out 'off in both'
	tool compare --pairs 2 --same-output sh -c "$BIN/waiter 10; echo \$REGWAIT"
	ended 14
}

@test "--ringfd sets the variable in the on variant only" {
	# shellcheck disable=SC2016
	for value in auto off; do
		tool compare --ringfd $value --pairs 1 --json sh -c \
			"$BIN/waiter 10 2>/dev/null; [ \"\$REGWAIT\${REGWAIT_RINGFD-}\" = off ] || [ \$REGWAIT_RINGFD = $value ]"
		judged
		[ "$(json out ringfd)" = $value ]
	done
	tool compare --ringfd off --pairs 1 "$BIN/waiter" 10
	said out '^  REGWAIT_RINGFD in the on variant +off'
	misused compare --ringfd sometimes "$BIN/waiter" 10
	misused compare --ringfd off --attach $$
}

@test "--spin and --taskrun set the variables in the on variant only" {
	# shellcheck disable=SC2016
	for value in off auto 7; do
		tool compare --spin $value --taskrun coop --pairs 1 --json sh -c \
			"$BIN/waiter 10 2>/dev/null; [ \"\$REGWAIT\${REGWAIT_SPIN-}\" = off ] || [ \$REGWAIT_SPIN\$REGWAIT_TASKRUN = ${value}coop ]"
		judged
		[ "$(json out spin)" = $value ]
		[ "$(json out taskrun)" = coop ]
	done
	for wrong in "--spin 0" "--spin 1001" "--spin much" "--taskrun defer"; do
		misused compare $wrong "$BIN/waiter" 10
	done
	misused compare --spin auto --attach $$
	misused compare --taskrun coop --attach $$
}

@test "waits without a timeout are exercised, where they look, and the price is told" {
	[[ $(uname -m) == x86_64 ]] || skip "waits look on x86-64 only"
	build build/tests/integration/spin/spin
	tool compare --pairs 2 "$BUILT/integration/spin/spin" untimed
	ended 13
	tool compare --spin 1000 --pairs 2 --report "$OUT/report.html" "$BUILT/integration/spin/spin" untimed
	judged
	said out '^  waits that looked first +[1-9][0-9]* in the on variant'
	said out '^  REGWAIT_SPIN in the on variant +1000'
	grep -q 'there REGWAIT_SPIN=1000' "$OUT/report.html"
	# It looks all the time, where it had slept: the wall time is the same, or longer.
	tool compare --spin 1000 --pairs 20 "$BUILT/integration/spin/spin" idle
	judged
	said out '^  CPU time +off [0-9.e-]+, on [0-9.e-]+ s; ratio '
	said out '^  (slower|faster) .*; CPU time ([+-][0-9]+ %|as before)$|^  (inconclusive|no difference) '
}

@test "--judge cpu" {
	tool compare --judge cpu --pairs 2 "$BIN/waiter" 10
	judged
	said out '^  CPU time +.*<- judged'
	unsaid out '^  wall time +.*<- judged'
	misused compare --judge memory "$BIN/waiter" 10
}

over() { [[ ! -e /proc/$1 ]] || grep -q '^State:.*Z' "/proc/$1/status"; }

# How many runs there were, of a program that counts them.
runs() { { wc -l <"$OUT/runs" || echo 0; } 2>/dev/null; }

# interrupted HOW: a comparison of a program that does not end is ended by it, and begins no more of them.
interrupted() {
	unique_copy "${endless:-$BIN/waiter}"
	# A process group of its own, as at a terminal; what is in the background would ignore SIGINT.
	setsid env --default-signal=INT "$CLI" compare "$copy" "${arguments[@]:-0}" \
		>"$OUT/out" 2>"$OUT/err" 3>&- &
	pid=$!
	STARTED+=("$pid")
	until_true pgrep -f "^$copy" >"$OUT/children"
	sleep "${DELAY:-0.3}"
	before=$(runs)
	"$@"
	until_true over "$pid"
	rc=0
	wait "$pid" || rc=$?
	(($(runs) <= before + 2))
	nothing_left "$name"
}

# As Ctrl-C: to the whole group.
group() { kill -"$1" -- "-$pid"; }
single() { kill -"$1" "$pid"; }

@test "Ctrl-C in the first run leaves nothing behind" {
	interrupted group INT
	ended 12
	said out 'interrupted'
}

@test "Ctrl-C in the middle leaves nothing behind" {
	arguments=(1500 100)
	DELAY=1.2 interrupted group INT
	said out 'interrupted'
	judged
}

@test "the same for signals to the command alone" {
	interrupted single TERM
	ended 12
	interrupted single INT
	ended 12
}

@test "it stops even if the program makes nothing of the signal" {
	cat >"$OUT/stubborn" <<-END
		#!/bin/bash
		trap : INT TERM
		echo >>"$OUT/runs"
		sleep 0.3
		sleep 0.3
		exit 0
	END
	chmod +x "$OUT/stubborn"
	endless=$OUT/stubborn
	pgrep() { command pgrep -f -- "$name"; }
	interrupted group INT
	said out 'interrupted'
}
