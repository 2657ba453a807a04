#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2034,SC2154 # the helper uses and sets them
# regwait compare --attach: slices of a process that runs.

load ../lib/cli

setup() {
	tool_setup
	need_registered_waits
}

teardown() { tool_teardown; }

@test "slices of a process that runs, which keeps its mode" {
	begin "$BIN/waiter" 0 100
	tool compare --attach "$pid" --slice 0.1 --pairs 2 --json
	judged
	[ "$(json out pairs)" = 2 ]
	json out per_wait_ratio
	tool stat --json "$pid"
	[ "$(json out mode)" = on ]
	"$CLI" set "$pid" off
	tool compare --attach "$pid" --slice 0.1 --pairs 1
	tool stat --json "$pid"
	[ "$(json out mode)" = off ]
}

@test "Ctrl-C while attached gives the mode back" {
	begin "$BIN/waiter" 0 100
	env --default-signal=INT "$CLI" compare --attach "$pid" --slice 0.4 >"$OUT/out" 2>&1 3>&- &
	looker=$!
	STARTED+=("$looker")
	turned_off() { "$CLI" stat --json "$pid" | grep -q '"mode":"off"'; }
	until_true turned_off
	kill -INT "$looker"
	rc=0
	wait "$looker" || rc=$?
	judged
	tool stat --json "$pid"
	[ "$(json out mode)" = on ]
}

@test "another user's process is not attached to, nor a page that is open to others" {
	begin "$BIN/waiter" 0 1000
	chmod 644 "$PAGES/$NS-$pid"
	tool compare --attach "$pid"
	ended 1
	said err 'open to others'
	chmod 600 "$PAGES/$NS-$pid"
	as_other
	tool compare --attach "$pid"
	ended 1
	said err "another user's"
}

@test "nothing to attach to" {
	sleep 0 &
	gone=$!
	wait "$gone"
	tool compare --attach "$gone"
	ended 1
	said err "process $gone has no stats page"
	begin "$BIN/waiter" 0 100
	kill -KILL "$pid"
	wait "$pid" 2>/dev/null || true
	tool compare --attach "$pid"
	ended 1
	said err "process $pid is gone"
}
