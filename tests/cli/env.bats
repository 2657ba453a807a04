#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2030,SC2031,SC2034,SC2143,SC2154 # subshells; the helper sets them
# regwait env, and what all subcommands have in common.

load ../lib/cli

setup() { tool_setup; }

@test "help goes to standard output, for each subcommand and the whole" {
	for command in "" check run stat set compare env; do
		tool $command --help
		ended 0
		silent err
		said out "^Usage: regwait ${command:-COMMAND}"
		[ -z "$command" ] || said out '^Exit status:'
	done
}

@test "usage errors go to standard error, exit status 2" {
	misused
	misused nonsense
	misused check --nonsense
	misused check one two
	misused run
	misused run --nonsense true
	misused stat --nonsense
	misused stat 1 2
	misused stat -i nothing
	misused stat -i -1
	misused stat -n 0
	misused stat notapid
	misused set
	misused set 1
	misused set notapid on
	misused set -- -4 on
	misused set 1 sideways
	misused compare
	misused compare --nonsense true
	misused compare --pairs none true
	misused compare --budget '' true
	misused compare --baseline some true
	misused compare --metric '(' true
	misused env nonsense
}

@test "the version" {
	tool --version
	ended 0
	said out '^regwait [0-9]+\.[0-9]+\.[0-9]+$'
}

@test "an answer that cannot be written is a failure" {
	for command in env check "stat --openmetrics" "run --help" "compare --pairs 1 true" "set --help"; do
		status=0
		# shellcheck disable=SC2086 # words
		"$CLI" $command >/dev/full 2>"$OUT/err" || status=$?
		[ "$status" = 1 ]
		said err '^regwait [a-z]+: cannot write standard output: (No space left|not all could be written)'
	done
}

# The names in the table that the library itself is made from.
variables() {
	sed -n 's/.*"\(REGWAIT[A-Z_]*\)",.*/\1/p' "$TOP/shim/contract/options.h" | sort -u
}

@test "every variable is listed, with its default" {
	tool env
	ended 0
	silent err
	[ "$(variables | wc -l)" -ge 10 ]
	for variable in $(variables); do
		said out "^$variable=.*\(default\)$"
	done
	said out '^REGWAIT_SLOTS=63 '
	[ "$(grep -c '^REGWAIT' "$OUT/out")" = "$(variables | wc -l)" ]
}

@test "a value is told with where it comes from" {
	REGWAIT=observe REGWAIT_ONLY='a b:c"d' tool env
	ended 0
	said out '^REGWAIT=observe \(environment\)$'
	said out '^REGWAIT_POLL=on \(default\)$'
	REGWAIT=observe REGWAIT_ONLY='a b:c"d' tool env --json
	[ "$(json out REGWAIT value)" = observe ]
	[ "$(json out REGWAIT source)" = environment ]
	[ "$(json out REGWAIT_ONLY value)" = 'a b:c"d' ]
	[ "$(json out REGWAIT_POLL source)" = default ]
}

@test "bytes that are no UTF-8 do not spoil the JSON" {
	REGWAIT_ONLY=$'a\xffb' tool env --json
	ended 0
	[ "$(json out REGWAIT_ONLY value)" = 'a?b' ]
}

@test "an unknown variable is named" {
	REGWAIT_FOO=1 REGWAIT_SLOT=3 tool env
	ended 1
	said err 'REGWAIT_FOO'
	said err 'REGWAIT_SLOT means'
	unsaid err 'REGWAIT_SLOTS'
	said out '^REGWAIT_SLOTS=63 \(default\)'
}
