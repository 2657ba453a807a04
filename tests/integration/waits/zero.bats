#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Timeouts of zero: polled without a timer where nothing that the wait returns can differ, also on
# rings that are not armed; with a timer elsewhere.

load ../../lib/integration

setup() {
	programs_setup
	need_registered_waits
}

@test "nothing there: polled, armed or not" {
	for kind in plain coop defer-flag; do
		both "$BIN/waits/zero" $kind empty
		counts waits.polled 100 waits.registered 0
		REGWAIT_MAX_RINGS=0 shim "$BIN/waits/zero" $kind empty
		same
		only_counts rings.seen 1 rings.plain.too-many-rings 1 waits.polled 100
	done
}

@test "DEFER_TASKRUN without a flag that tells of work: not polled" {
	both "$BIN/waits/zero" defer empty
	counts waits.polled 0 waits.registered 100
	REGWAIT_MAX_RINGS=0 shim "$BIN/waits/zero" defer empty
	same
	counts waits.polled 0 waits.plain.too-many-rings 100
}

@test "REGWAIT_POLL=off: not polled" {
	plain "$BIN/waits/zero" plain empty
	REGWAIT_POLL=off REGWAIT_MAX_RINGS=0 shim "$BIN/waits/zero" plain empty
	same
	counts waits.polled 0 waits.plain.too-many-rings 100
}

@test "work that waits, and queues more: as without, armed or not" {
	for kind in plain coop defer defer-flag; do
		for case in chain burst submits full; do
			both "$BIN/waits/zero" $kind $case
			REGWAIT_MAX_RINGS=0 shim "$BIN/waits/zero" $kind $case
			same
		done
	done
}

@test "work waits on a DEFER_TASKRUN ring: with a timer, which runs it all" {
	# The kernel may leave the flag set when it has run work that queued more.
	for case in chain burst; do
		both "$BIN/waits/zero" defer-flag $case
		(($(count waits.registered) >= 1))
	done
}

@test "bare enters: polled where the CQ can be asked for, and the same" {
	for how in enter2 syscall; do
		for kind in plain coop; do
			both "$BIN/waits/zero" $kind empty $how
			only_counts rings.seen 1 rings.armed 1 waits.polled 100
		done
		both "$BIN/waits/zero" defer-flag empty $how
		counts waits.polled 0 waits.registered 100
		for kind in plain coop defer defer-flag; do
			for case in chain burst full; do
				both "$BIN/waits/zero" $kind $case $how
			done
		done
	done
}

# asked_by_poll HOW KIND CASE: how often the kernel was asked by poll(2).
asked_by_poll() {
	strace -f -qq -e trace=ppoll -o "$OUT/strace" -E LD_PRELOAD="$SHIM" \
		"$BIN/waits/zero" "$2" "$3" "$1" >/dev/null
	grep -c poll "$OUT/strace" || true
}

@test "bare enters: by one system call, once one has seen a completion" {
	need_tool strace
	for how in enter2 syscall; do
		for kind in plain coop; do
			both "$BIN/waits/zero" $kind found $how
			only_counts rings.seen 1 rings.armed 1 waits.polled 100
			(($(asked_by_poll $how $kind found) == 0))
		done
		(($(asked_by_poll $how coop empty) == 100))
		both "$BIN/waits/zero" defer-flag found $how
		counts waits.polled 0 waits.registered 100
	done
}

@test "a wait whose mask lets a pending signal through: it is handled" {
	for how in wait enter2 syscall; do
		for kind in plain coop defer-flag; do
			both "$BIN/waits/zero" $kind masked $how
			[[ $kind == defer-flag || $how == wait ]] || counts waits.polled 4
		done
	done
}

@test "bare enters left by siglongjmp: the next wait's mask is taken, registered" {
	for how in enter2 syscall; do
		both "$BIN/waits/zero" coop left $how
		counts waits.registered 100 waits.plain.bad-pointer 0 waits.plain.unseen 0
	done
}

@test "a ring that polls the network device, not armed" {
	plain "$BIN/robust/napi" wait liburing
	[[ $rc != 77 ]] || skip "this kernel does not poll devices so"
	for by in liburing syscall later; do
		plain "$BIN/robust/napi" wait $by
		REGWAIT_MAX_RINGS=0 shim "$BIN/robust/napi" wait $by
		same
	done
}
