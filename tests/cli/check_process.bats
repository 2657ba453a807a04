#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2030,SC2031,SC2034,SC2154 # subshells; the helper sets them
# regwait check PID: judged by what the process has counted; and what is possible, but not on.

load ../lib/cli

setup() {
	tool_setup
	need_registered_waits
}

teardown() { tool_teardown; }

# possible PATTERN NEXT ARGUMENT...: it could gain, but the shim is not there, or switched off.
possible() {
	local pattern=$1 next=$2
	shift 2
	tool check "$@"
	ended 3
	said out "^  possible, but not on +.*($pattern)"
	said out "^  next +$next\$"
	tool check --json "$@"
	ended 3
	[ "$(json out kind)" = possible ]
	[ "$(json out good)" = false ]
}

@test "a process with the shim, with its counts" {
	begin "$BIN/waiter" 0 1000
	tool check "$pid"
	ended 0
	said out '^  shim loaded +yes'
	said out '^  counts +rings 1, armed 1; waits registered [1-9]'
	said out "^  good +[0-9]+ of [0-9]+ timed waits of process $pid were registered or polled"
	tool check --json "$pid"
	[ "$(json out process shim)" = true ]
	[ "$(json out kind)" = good ]
}

@test "a process that could gain, but registers nothing" {
	begin "$BIN/waiter" 0 1000
	"$CLI" set "$pid" off
	possible "process $pid is in mode off" "regwait set $pid on" "$pid"
	"$CLI" set "$pid" on
	tool check "$pid"
	ended 0
	ready=has_page REGWAIT=observe begin "$BIN/waiter" 0 1000
	possible "process $pid is in mode observe" "regwait set $pid on" "$pid"
	ready=off_page
	REGWAIT=off begin "$BIN/waiter" 0 1000
	possible 'no armed ring that could be turned on' "env -u REGWAIT regwait run .*/waiter'?" "$pid"
}

@test "a process without the shim" {
	"$BIN/waiter" 0 1000 3>&- &
	pid=$!
	STARTED+=("$pid")
	until_true grep -q liburing "/proc/$pid/maps"
	possible 'shim is not loaded' "regwait run .*/waiter'?" "$pid"
	tool check "$pid"
	said out '^  liburing loaded +yes'
}

@test "a process whose waits are plain is no gain, for the reason that it counted" {
	ready=has_waited REGWAIT_MAX_RINGS=0 begin "$BIN/waiter" 0 1000
	tool check "$pid"
	ended 1
	said out "^  no gain +none of [0-9]+ timed waits of process $pid was registered: REGWAIT_MAX_RINGS rings"
	said out "^  next +regwait stat $pid$"
	ready=has_page
	begin sleep 1000
	tool check "$pid"
	ended 1
	said out "^  no gain +process $pid has made no ring yet"
}

has_waited() {
	[[ $("$CLI" stat --json "$1" 2>/dev/null) == *'"waits.plain.'* ]]
}

has_page() {
	"$CLI" stat "$1" >/dev/null 2>&1
}

@test "a variable that leaves the program out" {
	REGWAIT=off possible 'REGWAIT=off in the environment' "env -u REGWAIT regwait run .*/waiter'?" "$BIN/waiter"
	REGWAIT_SKIP=waiter possible 'REGWAIT_SKIP names waiter' 'env -u REGWAIT_SKIP .*' "$BIN/waiter"
	REGWAIT_ONLY=other possible 'REGWAIT_ONLY does not name' 'env -u REGWAIT_ONLY .*' "$BIN/waiter"
	# What cannot gain at all is not possible either.
	REGWAIT=off tool check "$BIN/waiter-static"
	ended 1
}

# shown COLUMNS ARGUMENT...: check on a terminal of this width, into $OUT/shown.
shown() {
	local command width=$1
	shift
	printf -v command ' %q' "$CLI" check "$@"
	TERM=xterm script -qec "stty cols $width;$command" /dev/null </dev/null | tr -d '\r' >"$OUT/shown" || true
}

@test "on a terminal lines fit, the diagnosis has a colour, and a command stays whole" {
	command -v script >/dev/null || skip "there is no script(1)"
	for width in 80 60; do
		shown $width "$BIN/waiter"
		sed 's/\x1b\[[0-9]*m//g' "$OUT/shown" >"$OUT/text"
		grep -vE '^  (next|file|library|liburing) ' "$OUT/text" >"$OUT/lines"
		said lines 'waits with a timeout'
		[ "$(wc -L <"$OUT/lines")" -le $width ]
		said text "^  next +regwait run --observe .*/waiter'?$"
	done
	said shown $'\033\\[32mgood'
	shown 80 "$BIN/waiter-static"
	said shown $'\033\\[31mno gain'
	REGWAIT=off shown 80 "$BIN/waiter"
	said shown $'\033\\[33mpossible, but not on'
	NO_COLOR=1 shown 80 "$BIN/waiter"
	unsaid shown $'\033\\[3'
	# Elsewhere a value is one line.
	tool check "$BIN/waiter"
	said out '^  good .* only running it tells$'
}
