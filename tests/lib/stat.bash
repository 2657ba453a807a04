# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034,SC2154 # read and set by those who load it
# For the tests of regwait stat: pages of processes that are gone, and of none.

setup() {
	tool_setup
	need_registered_waits
}

teardown() {
	tool_teardown
	[[ -z ${FAKE:-} ]] || rm -rf "${PAGES:?}/$NS-$FAKE"
	[[ -z ${DIR:-} ]] || rm -rf "$DIR"
}

# A process id that nobody has.
no_process() {
	sleep 0 &
	FAKE=$!
	wait "$FAKE"
}

# A page of a process that is gone.
leave_page() {
	begin "$BIN/waiter" 0 1000
	kill -KILL "$pid"
	wait "$pid" 2>/dev/null || true
	[ -f "$PAGES/$NS-$pid" ]
}
