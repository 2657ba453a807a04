#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2030,SC2031,SC2034,SC2154 # subshells; the helper sets them
# regwait compare --attach: whatever ends it, the process has its own mode afterwards.

load ../lib/cli

setup() {
	tool_setup
	need_registered_waits
}

teardown() { tool_teardown; }

mode_is() {
	[[ $("$CLI" stat --json "$pid") == *'"mode":"'"$1"'"'* ]]
}

# attached [PREFIX...]: compares slices of process pid, in its off part now. Sets looker.
attached() {
	"$@" "$CLI" compare --attach "$pid" --aa --slice 0.2 --budget 1000 --pairs 100000 \
		>"$OUT/out" 2>"$OUT/err" 3>&- &
	looker=$!
	STARTED+=("$looker")
	until_true mode_is off
}

@test "every signal that ends it puts the mode back" {
	begin "$BIN/waiter" 0 1000
	for signal in HUP INT QUIT TERM PIPE ALRM USR1 ABRT SEGV IO RTMIN KILL; do
		attached env --default-signal=INT,QUIT
		kill -$signal "$looker"
		rc=0
		wait "$looker" || rc=$?
		until_true mode_is on
		case $signal in
		SEGV | ABRT | KILL) ;;
		*) said out '^  (inconclusive|no difference|faster|slower|not exercised)' ;;
		esac
	done
}

@test "a signal that is ignored does not end it" {
	begin "$BIN/waiter" 0 1000
	attached env --ignore-signal=HUP
	kill -HUP "$looker"
	until_true mode_is off
	kill -TERM "$looker"
	rc=0
	wait "$looker" || rc=$?
	until_true mode_is on
	said out 'interrupted'
}

@test "while it is stopped the process has its own mode" {
	begin "$BIN/waiter" 0 1000
	set -m
	attached env
	set +m
	kill -TSTP "$looker"
	until_true mode_is on
	kill -CONT "$looker"
	until_true mode_is off
	kill -TERM "$looker"
	wait "$looker" || true
	until_true mode_is on
}

@test "a process that tossed coins goes on tossing them" {
	begin env REGWAIT=ab "$BIN/waiter" 0 1000
	attached env
	kill -KILL "$looker"
	until_true mode_is ab
}
