#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2030,SC2031,SC2034,SC2143,SC2154 # subshells; the helper sets them
# regwait set: changes the mode of a running process.

load ../lib/cli

setup() {
	tool_setup
	need_registered_waits
}

teardown() { tool_teardown; }

# counted KEY: the count of the process that was begun; 0 if there is none.
counted() {
	"$CLI" stat --json "$pid" >"$OUT/counts"
	json counts "$1" 2>/dev/null || echo 0
}

grew() { (($(counted "$1") > $2)); }

# turned MODE KEY OTHER: from then on KEY grows, and OTHER does not.
turned() {
	local before
	tool set "$pid" "$1"
	ended 0
	silent out
	silent err
	[ "$(counted mode)" = "$1" ]
	# A wait may have been going on; when the next one is counted, it has ended.
	until_true grew "$2" "$(counted "$2")"
	before=$(counted "$3")
	until_true grew "$2" "$(counted "$2")"
	[ "$(counted "$3")" = "$before" ]
}

@test "off, on, observe, and on again" {
	begin "$BIN/waiter" 0 1000
	turned off waits.plain.off waits.registered
	turned on waits.registered waits.plain.off
	turned observe observed.would-register waits.registered
	turned on waits.registered observed.would-register
}

@test "a process that was started with off has no armed ring, and stays plain" {
	ready=off_page begin env REGWAIT=off "$BIN/waiter" 0 1000
	tool set "$pid" on
	ended 0
	# It has waited meanwhile, of which nothing is counted: each puts it to sleep.
	slept() { awk '$1 == "voluntary_ctxt_switches:" { print $2 }' "/proc/$pid/status"; }
	before=$(slept)
	waited() { (($(slept) > before + 100)); }
	until_true waited
	[ "$(counted waits.registered)" = 0 ]
	[ "$(counted rings.armed)" = 0 ]
	kill -0 "$pid"
}

@test "ab and aa only where times are kept" {
	begin "$BIN/waiter" 0 1000
	for mode in ab aa; do
		tool set "$pid" $mode
		ended 1
		said err 'keeps no times; start it with regwait run --ab'
	done
	[ "$(counted mode)" = on ]
}

@test "ab can be turned to on, and back" {
	begin env REGWAIT=ab "$BIN/waiter" 0 1000
	turned on waits.registered waits.plain.plain-variant
	tool set "$pid" ab
	ended 0
	until_true grew waits.plain.plain-variant "$(counted waits.plain.plain-variant)"
}

@test "a mode that is none changes nothing" {
	begin "$BIN/waiter" 0 1000
	misused set "$pid" sideways
	said err 'no such mode: sideways'
	misused set "$pid" ''
	misused set "$pid" ON
	misused set "$pid"
	[ "$(counted mode)" = on ]
}

@test "another user's process, and a page that is open to others" {
	begin "$BIN/waiter" 0 1000
	chmod 644 "$PAGES/$NS-$pid"
	tool set "$pid" off
	ended 1
	said err 'open to others'
	chmod 600 "$PAGES/$NS-$pid"
	as_other
	tool set "$pid" off
	ended 1
	said err "another user's"
	[ "$(counted mode)" = on ]
}

@test "a process that is gone" {
	begin "$BIN/waiter" 0 1000
	kill -KILL "$pid"
	wait "$pid" 2>/dev/null || true
	tool set "$pid" off
	ended 1
	said err "process $pid is gone"
	rm "$PAGES/$NS-$pid"
	tool set "$pid" off
	ended 1
	said err "process $pid has no stats page"
	misused set 0 off
	misused set 99999999999 off
}

@test "another process that has the id of one that is gone is not touched" {
	begin "$BIN/waiter" 0 1000
	sleep 1000 3>&- &
	other=$!
	STARTED+=("$other")
	cp "$PAGES/$NS-$pid" "$PAGES/$NS-$other"
	tool set "$other" off
	ended 1
	said err 'is gone'
}

@test "a process without the shim" {
	sleep 1000 3>&- &
	STARTED+=("$!")
	tool set $! off
	ended 1
	said err 'start it with regwait run, or REGWAIT_LIVE=on'
}
