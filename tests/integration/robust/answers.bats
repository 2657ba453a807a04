#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What the kernel and liburing answer to calls that are unusual, or wrong.

load ../../lib/ways

setup() {
	ways_setup robust
	needs_rings
}

@test "a ring that polls the network device does so with a timeout of zero" {
	local how
	for how in wait submit enter2 syscall; do
		all_ways "$BIN/napi" $how liburing
	done
}

@test "a ring that polls the network device, registered by libc's syscall, or late" {
	all_ways "$BIN/napi" wait syscall
	all_ways "$BIN/napi" wait later
	all_ways "$BIN/napi" submit later
}

@test "a timed enter with an unknown flag, and what comes after it" {
	all_ways "$BIN/bad_enter" enter2 flag
	all_ways "$BIN/bad_enter" syscall flag
}

@test "timed enters that the kernel refuses for other reasons, and what comes after them" {
	local which
	for which in none size mask pointer argument entry pointers arguments timeouts; do
		all_ways "$BIN/bad_enter" enter2 $which
		all_ways "$BIN/bad_enter" syscall $which
	done
}

# Without this, one probe would make all later waits plain.
@test "after an enter that was refused, waits are registered as before" {
	local which by
	"$BUILT/integration/common/can_register" || skip "no registered waits here"
	SETTINGS=(REGWAIT_STATS="$OUT/stats")
	for by in enter2 syscall; do
		for which in flag size mask pointer argument entry; do
			: >"$OUT/stats"
			with "$BIN/bad_enter" $by $which
			(($(count waits.registered) >= 1002)) && continue
			echo "$by, $which: $(count waits.registered) registered"
			return 1
		done
	done
}

@test "a ring structure of zeroes, given to every function" {
	all_ways "$BIN/zeroed"
	all_ways "$BIN/zeroed" ended
}

@test "a ring structure of zeroes, given to every function of liburing 2.15" {
	local program=$BUILT/2.15/integration/robust/zeroed
	build_with 2.15 "${program#"$TOP/"}"
	all_ways "$program"
	all_ways "$program" ended
}

@test "alternate signal stacks that the kernel refuses" {
	all_ways "$BIN/bad_stack"
}

@test "a forked child registers a region of its own on an inherited ring" {
	local kind
	for kind in plain disabled wait; do
		all_ways "$BIN/own_region" $kind
	done
}

@test "bare system calls with a stack that is off by eight bytes" {
	all_ways "$BIN/unaligned"
	SETTINGS=(REGWAIT=observe)
	WAYS=with all_ways "$BIN/unaligned"
	SETTINGS=(REGWAIT_SPIN=50)
	WAYS=with all_ways "$BIN/unaligned"
	SETTINGS=(REGWAIT_LOG=debug REGWAIT_STATS="$OUT/stats")
	PARTS='out rc' WAYS=with all_ways "$BIN/unaligned"
}
