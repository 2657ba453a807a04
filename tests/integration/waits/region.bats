#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2034,SC2154 # lib/integration.bash reads and sets these
# A program with memory regions, or registered waits, of its own.

load ../../lib/integration

setup() {
	programs_setup
	need_registered_waits
}


@test "memory without a purpose on an armed ring: 0, then EBUSY (by liburing's function)" {
	for version in 2.9 2.15; do
		programs_setup $version
		both "$BIN/common/region" lib plain-memory
		counts rings.seen 1 rings.armed 1 waits.registered 4 waits.polled 2
	done
}

@test "memory without a purpose on an armed ring: 0, then EBUSY (by the bare system call)" {
	both "$BIN/common/region" raw plain-memory
	counts rings.seen 1 rings.armed 1 waits.registered 4 waits.polled 2
}

@test "memory without a purpose on an armed ring: 0, then EBUSY (by registered index)" {
	both "$BIN/common/region" index plain-memory
}

@test "whatever is registered through one entry point is known at the other" {
	programs_setup 2.15
	both "$BIN/common/region" lib both-entries
}

@test "two rings: each has its own answer" {
	programs_setup 2.15
	both "$BIN/common/region" lib two-rings
	counts rings.armed 2
}

@test "memory for waits on an enabled ring: EINVAL as without us (library, raw)" {
	for version in 2.9 2.15; do
		programs_setup $version
		both "$BIN/common/region" lib wait-memory-too-late
		counts rings.armed 1
	done
	programs_setup
	both "$BIN/common/region" raw wait-memory-too-late
}

@test "memory for waits on an enabled ring: EINVAL as without us (by registered index)" {
	both "$BIN/common/region" index wait-memory-too-late
}

@test "bad memory, sizes, flags and pointers: the kernel's own errors (library, raw)" {
	for version in 2.9 2.15; do
		programs_setup $version
		both "$BIN/common/region" lib bad-memory
		both "$BIN/common/region" raw bad-memory
	done
	grep -q 'unmapped memory: EFAULT' "$OUT/shim.out"
}

@test "bad memory, sizes, flags and pointers: the kernel's own errors (by registered index)" {
	both "$BIN/common/region" index bad-memory
}

@test "the program's own region before it enables its ring: ours stays away" {
	for version in 2.9 2.15; do
		programs_setup $version
		both "$BIN/common/region" lib before-enable
		grep -q 'own wait 5: ETIME, as long as asked' "$OUT/shim.out"
		only_counts rings.seen 2 rings.plain.own-region 2 waits.plain.own-region 6 \
			waits.polled 2 waits.plain.no-timeout 2
	done
	programs_setup
	both "$BIN/common/region" raw before-enable
	counts rings.seen 2 rings.plain.own-region 2 waits.plain.own-region 6 waits.polled 2
}

@test "a region that failed before the ring was enabled leaves the place to us" {
	for version in 2.9 2.15; do
		programs_setup $version
		both "$BIN/common/region" lib failed-before-enable
		counts rings.seen 1 rings.armed 1 waits.registered 2
	done
}

@test "a region that the kernel allocates: EBUSY, and the log says why" {
	programs_setup 2.15
	plain "$BIN/common/region" lib from-kernel
	for entry in lib raw; do
		REGWAIT_LOG=error shim "$BIN/common/region" $entry from-kernel
		[ "$rc" = 0 ]
		# This line, and no other, differs.
		diff <(sed 's/^\(from the kernel\): .*/\1: EBUSY/' "$OUT/plain.out") "$OUT/shim.out"
		grep -q 'allocated by the kernel.*REGWAIT=off' "$OUT/shim.err"
		[ "$(wc -l <"$OUT/shim.err")" = 1 ]
	done
	# The variable that the message names.
	plain "$BIN/common/region" lib from-kernel
	REGWAIT_SKIP=region shim "$BIN/common/region" lib from-kernel
	same
}

@test "registered waits of the program's own without a region: EFAULT, never a hang" {
	both "$BIN/waits/reg_wait" fd
	grep -q 'by descriptor at 0: EFAULT' "$OUT/shim.out"
	counts rings.armed 1
}

@test "the same by a registered index" {
	both "$BIN/waits/reg_wait" index
	grep -q 'by index at 0: EFAULT' "$OUT/shim.out"
}

@test "the same by io_uring_submit_and_wait_reg" {
	for version in 2.9 2.15; do
		programs_setup $version
		both "$BIN/waits/reg_wait" lib
		grep -q 'submit_and_wait_reg: EFAULT' "$OUT/shim.out"
		counts rings.armed 1
	done
}

@test "EXT_ARG_REG without EXT_ARG is a signal mask to the kernel, with us too" {
	both "$BIN/waits/reg_wait" mask
}
