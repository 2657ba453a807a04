#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# In a sandbox (seccomp) nothing is called that the program does not call itself.

load ../../lib/ways

setup() {
	ways_setup sandbox
	needs_rings
}

# sandboxed ACTION [flags]: entered by each call, at each moment.
sandboxed() {
	local by when
	for by in prctl seccomp libc; do
		for when in before ring wait again; do
			echo "$by, $when"
			all_ways "$BIN/sandbox" $by $when "$@"
		done
	done
}

@test "a sandbox that kills, entered as the user who runs the tests" {
	sandboxed kill
}

@test "a sandbox that kills, entered as an ordinary user" {
	as_nobody
	sandboxed kill
}

@test "a sandbox that kills, where waits are observed, measured, or look before they sleep" {
	local setting
	WAYS=with
	for setting in REGWAIT=observe REGWAIT=ab REGWAIT_SPIN=50 REGWAIT_IOWAIT=off; do
		SETTINGS=($setting)
		sandboxed kill
	done
}

@test "a sandbox that refuses" {
	sandboxed errno
	as_nobody
	sandboxed errno
}

@test "a sandbox that kills enters with flags that are not the program's" {
	sandboxed kill flags
}

@test "a sandbox that refuses enters with flags that are not the program's" {
	sandboxed errno flags
}

@test "a sandbox that a program is started in allows what libregwait(7) names" {
	all_ways "$BIN/sandbox" inherit before kill
	all_ways "$BIN/sandbox" inherit before errno
	as_nobody
	all_ways "$BIN/sandbox" inherit before kill
}

@test "after a seccomp call, a vfork child that closes descriptors forgets no rings of its parent" {
	local how
	"$BUILT/integration/common/can_register" || skip "no registered waits here"
	for how in range from close dup2 libc; do
		SETTINGS=()
		all_ways "$BIN/vfork_closes" $how
		SETTINGS=(REGWAIT_STATS="$OUT/stats")
		: >"$OUT/stats"
		with "$BIN/vfork_closes" $how
		(($(count waits.plain.unseen) == 0)) && continue
		echo "$how: $(count waits.plain.unseen) waits on a ring that was forgotten"
		return 1
	done
}

@test "where only liburing's code, or libc's, may make system calls" {
	local by
	for by in liburing libc; do
		echo "$by"
		all_ways "$BIN/dispatch" $by
		SETTINGS=(REGWAIT=observe)
		WAYS=with all_ways "$BIN/dispatch" $by
		SETTINGS=(REGWAIT_SPIN=50)
		WAYS=with all_ways "$BIN/dispatch" $by
		SETTINGS=()
	done
}
