#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2030,SC2031,SC2034,SC2154 # subshells; the helper uses and sets them
# Options that are not understood, or would do nothing: each is named, in one sentence and a hint.

load ../lib/cli

setup() { tool_setup; }

teardown() { tool_teardown; }

# told SENTENCE ARGUMENT...: that is what such a command line gets, and nothing runs.
told() {
	local sentence=$1
	shift
	misused "$@"
	diff - "$OUT/err" <<-END
		regwait $1: $sentence
		Try: regwait $1 --help
	END
}

@test "an option that is none" {
	for command in check run stat compare; do
		told 'no such option: --nonsense' $command --nonsense
		told 'no such option: --nonsense=3' $command --nonsense=3
		told 'no such option: -x' $command -x
		told '--json takes no value' $command --json=yes
	done
	told 'no such option: -x' stat --json -xy
	told '--output needs a value' run --output
	told '--pairs needs a value' compare --aa --pairs
	told '-i needs a value' stat -i
	told '--pairs: not a fitting number: some' compare --pairs some true
	told '-i: not a number of seconds: 0' stat -i 0
	told '-n: not a number above zero: 0' stat -n 0
}

@test "options that exclude each other" {
	told '--observe and --off exclude each other' run --observe --off true
	told '--ab and --aa exclude each other' run --ab --aa true
	told '--quiet leaves nothing for --output' run --quiet --output "$OUT/told" true
	[ ! -e "$OUT/told" ]
	told '--quiet leaves nothing for --json' run --quiet --json true
	told '--stats and --json exclude each other' run --stats --json true
	told '--json, --openmetrics, --list and --clean exclude each other' stat --list --json
	told '--json, --openmetrics, --list and --clean exclude each other' stat --openmetrics --clean
	told '-i goes with rows, or with --json' stat -i 1 --list
	told '-n: how often needs -i' stat -n 3
	told '--judge and --metric exclude each other' compare --judge cpu --metric x true
	told '--larger needs --metric' compare --larger true
	told '--slice is for --attach' compare --slice 1 true
}

@test "what is for programs that are started is refused for one that runs" {
	for option in '--metric x' '--input /dev/null' --show-output --ignore-failure '--judge cpu' \
		'--baseline none' '--ringfd off' --same-output; do
		# shellcheck disable=SC2086 # with its value
		told "${option% *} is for programs that are started, and not for --attach" compare --attach 1 $option
	done
	told '--attach: no program is started, so what is true for?' compare --attach 1 true
}

@test "two dashes end the options, everywhere" {
	cp "$(type -P true)" "$OUT/-x"
	PATH=$OUT:$PATH
	tool check -- -x
	said out '^  file +.*/-x$'
	tool check --json -- -x
	[[ $(json out program path) == */-x ]]
	tool run --quiet -- -x
	ended 0
	tool stat -- 4194304
	ended 1
	said err 'has no stats page'
}

@test "an empty argument is seen in what is said of it" {
	for arguments in '' run sites compare "run --output" "compare --report" "compare --input" \
		"sites --write" "run --spin" "compare --judge" "compare --pairs" env; do
		# shellcheck disable=SC2086 # words
		tool $arguments '' true
		said err "^regwait.* ''(: |$)"
	done
	tool set '' on
	said err "'$"
}

@test "a name without end is cut, and why it will not do is not" {
	long=$(head -c 100000 /dev/zero | tr '\0' a)
	for arguments in run check sites "run --output" "compare --report"; do
		# shellcheck disable=SC2086 # words
		tool $arguments "$long"
		[ "$(wc -c <"$OUT/err")" -lt 6000 ]
		said err '^regwait.* a{1000}a+ \.\.\. a+: (File name too long|not in PATH)$|no program given'
	done
}

@test "no error sends commands to the terminal" {
	bad=$'x\e[31m'
	for arguments in "$bad" "run --$bad" "run ./$bad" "check ./$bad" "stat -i $bad" "set $bad on" \
		"compare --metric ($bad true" "compare --report /$bad/x true" "sites /$bad"; do
		# shellcheck disable=SC2086 # words
		tool $arguments
		said err '^regwait.*x\?\[31m'
		unsaid err $'\e'
	done
}

# nothing_for_terminals FILE...: no byte of a command for one, in one byte or two, and no name reversed.
nothing_for_terminals() {
	local file
	for file; do
		! LC_ALL=C grep -aqP '\x1b|\xc2[\x80-\x9f]|\xe2\x80[\x8e\x8f\xa8-\xae]' "$OUT/$file" || {
			echo "for the terminal, in $file after $told:"
			cat -v "$OUT/$file"
			return 1
		}
	done
}

@test "no name sends commands to the terminal, wherever it is told" {
	bad=$OUT/$'x\e[31m\xc2\x9b32m\xe2\x80\xae\xe9'
	cp "$BIN/waiter-static" "$bad"
	for told in run "run --json" "run --stats" check "check --json" sites "sites --json" \
		"compare --pairs 1" "compare --pairs 1 --json --report $OUT/report"; do
		# shellcheck disable=SC2086 # words
		tool $told "$bad" 1
		nothing_for_terminals out err
	done
	grep -q '^<title>' "$OUT/report"
	nothing_for_terminals report
	# As an argument, a line that a program ends with, a directory, and a variable.
	for told in "run --output $bad/none true" "compare --report $bad/none true" "compare --input $bad/x true" \
		"sites --write $bad/none $BIN/waiter"; do
		# shellcheck disable=SC2086 # words
		tool $told
		nothing_for_terminals out err
	done
	told="its last words"
	tool compare --pairs 1 sh -c "printf 'a\\033[31m\\302\\233b' >&2; exit 1"
	said out 'it says: a'
	nothing_for_terminals out
	REGWAIT_LOG=$bad tool env
	nothing_for_terminals out err
}

@test "a full disk is told of, once, and ends what goes on" {
	for arguments in --help --version env "env --json" check "stat --openmetrics" "run --help"; do
		rc=0
		# shellcheck disable=SC2086 # words
		"$CLI" $arguments >/dev/full 2>"$OUT/err" || rc=$?
		ended 1
		[ "$(grep -c 'standard output: No space left on device$' "$OUT/err")" = 1 ]
		[ "$(wc -l <"$OUT/err")" = 1 ]
	done
	need_registered_waits
	begin "$BIN/waiter" 0 1000
	rc=0
	timeout 120 "$CLI" stat -i 0.05 "$pid" >/dev/full 2>"$OUT/err" || rc=$?
	ended 1
	said err 'No space left on device$'
}

# on_terminal KIND COMMAND...: what a terminal of that kind is shown.
on_terminal() {
	script -qec "env TERM=$1 '$CLI' ${*:2}" /dev/null </dev/null >"$OUT/shown" || true
}

@test "a terminal that cannot highlight is not asked to" {
	command -v script >/dev/null || skip "there is no script(1)"
	need_registered_waits
	on_terminal xterm check
	said shown $'\e\\[1mDiagnosis'
	for kind in dumb ''; do
		on_terminal "$kind" check
		unsaid shown $'\e' && said shown '^Diagnosis'
		on_terminal "$kind" compare --pairs 2 "$BIN/waiter" 50
		unsaid shown $'\e|no pair yet' && said shown '^Verdict'
	done
}
