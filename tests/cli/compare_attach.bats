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

mode_is() { "$CLI" stat --json "$pid" 2>/dev/null | grep -q "\"mode\":\"$1\""; }

# attach: compares the process in the background, in a session of its own, for minutes, until it has
# turned it off. Sets looker.
attach() {
	env --default-signal=INT,QUIT setsid "$CLI" compare --attach "$pid" --slice "${1:-0.2}" --budget 60 \
		>"$OUT/out" 2>"$OUT/err" </dev/null 3>&- &
	looker=$!
	STARTED+=("$looker")
	until_true mode_is off
}

@test "whatever ends it, the process has its mode back, and there is a verdict if it can be told" {
	begin "$BIN/waiter" 0 100
	for signal in INT TERM HUP QUIT USR1 ALRM RTMIN PIPE; do
		attach
		kill -$signal "$looker"
		rc=0
		wait "$looker" || rc=$?
		judged
		mode_is on
	done
}

@test "who kills it, alone, with its group or by name, leaves the process its mode" {
	begin "$BIN/waiter" 0 100
	# The name is as long as the kernel keeps names.
	name=w$BASHPID
	ln -s "$CLI" "$OUT/$name"
	for whom in alone group name; do
		CLI=$OUT/$name attach 0.3
		case $whom in
		alone) kill -KILL "$looker" ;;
		group) kill -KILL -- "-$looker" ;;
		name) pkill -KILL -x "$name" ;;
		esac
		wait "$looker" || true
		until_true mode_is on
	done
}

@test "one comparison of a process at a time" {
	begin "$BIN/waiter" 0 100
	attach
	rc=0
	"$CLI" compare --attach "$pid" --pairs 1 >"$OUT/out" 2>"$OUT/err" || rc=$?
	ended 1
	silent out
	said err "process $pid is being compared already"
	kill -TERM "$looker"
	wait "$looker" || true
	mode_is on
	tool compare --attach "$pid" --slice 0.1 --pairs 1
	judged
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
