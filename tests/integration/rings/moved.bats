#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# A ring is what the kernel made, not an address or a number: rings that move, are copied, end
# without the library, or come about without it.

load ../../lib/integration

setup() {
	programs_setup
	need_registered_waits
}

@test "a struct io_uring that moves: its waits are still registered" {
	both "$BIN/rings/moved" move
	only_counts rings.seen 1 rings.armed 1 waits.registered 6 waits.polled 3 waits.answered 3 \
		waits.plain.no-timeout 3
}

@test "a copy of a struct io_uring: its waits are registered too" {
	both "$BIN/rings/moved" copy
	only_counts rings.seen 1 rings.armed 1 waits.registered 3 waits.answered 3
}

@test "closed and unmapped by hand, then a new ring at the same place" {
	both "$BIN/rings/moved" bare
	grep -q 'same descriptor 1, same address 1' "$OUT/shim.out"
	counts rings.seen 8 rings.armed 5 rings.plain.iopoll 2 rings.plain.disabled 1 \
		waits.registered 10 waits.plain.iopoll 8 waits.plain.disabled 4
}

@test "the same with no more than one ring armed at a time" {
	plain "$BIN/rings/moved" bare
	REGWAIT_MAX_RINGS=1 shim "$BIN/rings/moved" bare
	same
}

@test "a descriptor that is another ring's by now" {
	both "$BIN/rings/moved" dup
	counts rings.seen 2 rings.armed 1 rings.plain.iopoll 1 waits.registered 2 waits.plain.iopoll 8
}

@test "io_uring_setup and io_uring_queue_mmap: registered, in all three releases" {
	for version in "" 2.9 2.15; do
		programs_setup $version
		both "$BIN/common/rings" setup 3
		only_counts rings.seen 3 rings.armed 3 waits.registered 6 waits.polled 3 \
			waits.answered 3 waits.plain.no-timeout 3
	done
}

@test "the same, made disabled and enabled by io_uring_register" {
	for version in "" 2.9 2.15; do
		programs_setup $version
		for how in disabled setup-disabled; do
			both "$BIN/common/rings" $how 3
			only_counts rings.seen 3 rings.armed 3 waits.registered 6 waits.polled 3 \
				waits.answered 3 waits.plain.disabled 3 waits.plain.no-timeout 3
		done
	done
}

@test "a ring that was resized: its waits are still registered" {
	for version in 2.9 2.15; do
		programs_setup $version
		both "$BIN/rings/moved" resize
		only_counts rings.seen 1 rings.armed 1 waits.registered 6 waits.answered 2 \
			waits.plain.no-timeout 2
	done
}

@test "one ring that is mapped twice" {
	both "$BIN/rings/moved" map-twice
	counts rings.seen 1 rings.armed 1 waits.plain.unseen 0
}

@test "a ring made by libc's syscall(): unseen with REGWAIT_SYSCALL=off, and counted once" {
	export REGWAIT_SYSCALL=off
	both "$BIN/rings/moved" unseen
	only_counts rings.seen 1 rings.plain.unseen 1 waits.plain.unseen 4 waits.plain.no-timeout 1
	both "$BIN/rings/moved" by-hand
	only_counts rings.seen 1 rings.plain.unseen 1 waits.plain.unseen 4 waits.plain.no-timeout 1
}

@test "a ring made by libc's syscall(): seen" {
	both "$BIN/rings/moved" unseen
	counts rings.seen 1 rings.armed 1 rings.plain.unseen 0 waits.plain.unseen 0
}

@test "memory of the program's own that serves one ring after another" {
	for version in 2.9 2.15; do
		programs_setup $version
		for how in own-memory own-memory-bare own-memory-dirty; do
			# Without the shim, too, a ring may find what the one before it left in this memory.
			both "$BIN/rings/moved" $how || both "$BIN/rings/moved" $how || both "$BIN/rings/moved" $how
			counts rings.seen 3 rings.armed 2 rings.plain.iopoll 1 waits.registered 4 \
				waits.plain.iopoll 4
		done
	done
}
