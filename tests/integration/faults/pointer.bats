#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Bad addresses from the program: an error from the kernel, without the shim and with it.

load ../../lib/integration

setup() {
	programs_setup
	need_registered_waits
}

@test "parameters at a bad address: io_uring_setup" {
	both "$BIN/faults/bad_pointer" setup
	grep -q 'unmapped: EFAULT' "$OUT/shim.out"
}

@test "parameters at a bad address: io_uring_queue_init_params of liburing 2.3" {
	programs_setup 2.3
	both "$BIN/faults/bad_pointer" params
	grep -q 'unmapped: EFAULT' "$OUT/shim.out"
}

@test "a signal mask at a bad address" {
	both "$BIN/faults/bad_pointer" masks
	grep -q 'EFAULT' "$OUT/shim.out"
}

@test "a timeout at a bad address" {
	both "$BIN/faults/bad_pointer" timeouts
	grep -q 'EFAULT' "$OUT/shim.out"
}
