#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Numbers on the command line: what is out of range is refused, and never truncated.

load ../lib/cli

setup() { tool_setup; }

teardown() { tool_teardown; }

@test "compare" {
	for bad in -1 -0.5 0 nan inf 1e400 '' ' 3' 3x 0x10 18446744073709551616 99999999999999999999999; do
		misused compare --pairs "$bad" -- true
	done
	for bad in -1 nan 1.5 18446744073709551616 ''; do
		misused compare --seed "$bad" -- true
	done
	for option in --budget --slice; do
		for bad in -1 nan inf -inf 1e400 '' 5s; do
			misused compare $option "$bad" -- true
		done
	done
	for bad in -1 0 1.5 2147483648 4294967297 nan ''; do
		misused compare --attach "$bad"
	done
}

@test "stat and set" {
	for bad in -1 0 nan inf '' 5s; do
		misused stat -i "$bad"
	done
	for bad in -1 0 1.5 nan '' 18446744073709551616; do
		misused stat -n "$bad"
	done
	for bad in 0 1.5 1e3 4294967297 2147483648 0x10 ' 1' ''; do
		misused stat -- "$bad"
		misused set "$bad" off
	done
}
