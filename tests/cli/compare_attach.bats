#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2030,SC2031,SC2034,SC2154 # the helper uses and sets them
# regwait compare --attach: slices of a process that runs.

load ../lib/cli

setup() {
	tool_setup
	need_registered_waits
}

teardown() { tool_teardown; }

@test "slices of a process that runs, which keeps its mode" {
	begin "$BIN/waiter" 0 100
	tool compare --attach "$pid" --slice 0.1 --pairs 8 --json
	judged
	# A slice in which the process was given no processor does not count.
	pairs=$(json out pairs)
	((pairs > 0 && pairs <= 8))
	json out per_wait_ratio
	tool stat --json "$pid"
	[ "$(json out mode)" = on ]
	"$CLI" set "$pid" off
	tool compare --attach "$pid" --slice 0.1 --pairs 1
	tool stat --json "$pid"
	[ "$(json out mode)" = off ]
}

mode_is() { "$CLI" stat --json "$pid" 2>/dev/null | grep -q "\"mode\":\"$1\""; }

# The process has one of the two modes that are compared.
compared() { mode_is off || mode_is on; }

# attach [SLICE]: compares the process, which is in another mode, in the background, in a session of
# its own, for minutes, until it has turned it off or on. Sets looker.
attach() {
	env --default-signal=INT,QUIT setsid "$CLI" compare --attach "$pid" --slice "${1:-0.2}" --budget 60 \
		>"$OUT/out" 2>"$OUT/err" </dev/null 3>&- &
	looker=$!
	STARTED+=("$looker")
	until_true compared
}

@test "whatever ends it, the process has its mode back, and there is a verdict if it can be told" {
	begin "$BIN/waiter" 0 100
	"$CLI" set "$pid" observe
	for signal in INT TERM HUP QUIT USR1 ALRM RTMIN PIPE; do
		attach
		kill -$signal "$looker"
		rc=0
		wait "$looker" || rc=$?
		judged
		mode_is observe
	done
}

@test "who kills it, alone, with its group or by name, leaves the process its mode" {
	begin "$BIN/waiter" 0 100
	"$CLI" set "$pid" observe
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
		until_true mode_is observe
	done
}

@test "while it is stopped, by itself or with its group, the process has its mode" {
	begin "$BIN/waiter" 0 100
	"$CLI" set "$pid" observe
	# A slice is longer than the test: it is not the end of one that sets the mode back.
	attach 30
	for whom in "$looker" "-$looker"; do
		kill -STOP -- "$whom"
		until_true mode_is observe
		kill -CONT -- "$whom"
		until_true compared
	done
	kill -TERM "$looker"
	rc=0
	wait "$looker" || rc=$?
	judged
	mode_is observe
}

@test "while it is stopped from the terminal, the process has its mode" {
	begin "$BIN/waiter" 0 100
	"$CLI" set "$pid" observe
	# A shell of the same session, without which the kernel does not let SIGTSTP stop anybody.
	# shellcheck disable=SC2016 # for the shell that is run
	setsid bash -c 'set -m; "${@:2}" & echo $! >"$1"; exec sleep 1000' sh "$OUT/pid" \
		"$CLI" compare --attach "$pid" --slice 30 >"$OUT/out" 2>&1 </dev/null 3>&- &
	STARTED+=("$!")
	until_true compared
	looker=$(<"$OUT/pid")
	for signal in TSTP STOP; do
		kill -$signal "$looker"
		until_true mode_is observe
		kill -CONT "$looker"
		until_true compared
	done
	kill -TERM "$looker"
	until_true mode_is observe
}

@test "a slice in which somebody else changed the mode is not counted" {
	begin "$BIN/waiter" 0 100
	"$CLI" set "$pid" observe
	env --default-signal=INT setsid "$CLI" compare --attach "$pid" --slice 1.5 --pairs 1 --json \
		>"$OUT/out" 2>"$OUT/err" </dev/null 3>&- &
	looker=$!
	STARTED+=("$looker")
	until_true compared
	# In each slice, whenever that is.
	while "$CLI" set "$pid" observe; do sleep 0.1; done 3>&- &
	STARTED+=("$!")
	rc=0
	wait "$looker" || rc=$?
	judged
	[ "$(json out pairs)" = 0 ]
}

@test "one comparison of a process at a time" {
	begin "$BIN/waiter" 0 100
	"$CLI" set "$pid" observe
	attach
	rc=0
	"$CLI" compare --attach "$pid" --pairs 1 >"$OUT/out" 2>"$OUT/err" || rc=$?
	ended 1
	silent out
	said err "process $pid is being compared already"
	kill -TERM "$looker"
	wait "$looker" || true
	mode_is observe
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
