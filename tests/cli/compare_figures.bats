#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2034,SC2154 # the helper uses and sets them
# regwait compare --metric: which figures are taken, and which are refused.

load ../lib/cli

setup() {
	tool_setup
	need_registered_waits
}

teardown() { tool_teardown; }

# prints FORMAT [REGEX]: compares a program that prints this by its figure.
prints() {
	tool compare --pairs 2 --json --metric "${2:-rate: (.*)}" sh -c "$BIN/waiter 10; printf '$1'"
}

@test "a figure is a number above zero, and else there is no ratio and no verdict" {
	for what in 0 -5 0.000 nan inf -nan none 1,234 1.234.567 1:30; do
		prints "rate: $what\n"
		ended 14
		[ "$(json out verdict_word)" = refused ]
		said out '"verdict":"what --metric found is not a number above zero: '
		unsaid out '"metric_|:-?(nan|inf)'
	done
	prints 'none\n'
	ended 14
	said out 'no figure in the output matches'
}

@test "numbers as programs print them" {
	while read -r printed value; do
		prints "rate: ${printed/_/ }\n"
		ended 12
		[ "$(json out metric_off)" = "$value" ]
	done <<-END
		7 7.0
		7.5 7.5
		+7 7.0
		1e3 1000.0
		12_MB/s 12.0
		12, 12.0
		12. 12.0
		7ms, 7.0
	END
}

@test "the figure is what the group matched, and nothing behind it" {
	prints 'rate: 12.75\n' 'rate: ([0-9]+)'
	ended 12
	[ "$(json out metric_off)" = 12.0 ]
	prints '7712.75\n' '77[0-9]+'
	[ "$(json out metric_off)" = 7712.0 ]
	# A group that is not part of the match.
	prints '7712.75\n' '77[0-9]+|(rate)x'
	[ "$(json out metric_off)" = 7712.0 ]
}

@test "bytes of zero before the figure" {
	prints 'a\\0b\nrate: 5\n' '^rate: ([0-9]+)$'
	ended 12
	[ "$(json out metric_on)" = 5.0 ]
}
