#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Signal handlers that wait while their thread waits, or that jump out of the wait.

load ../../lib/integration

setup() {
	programs_setup
	need_registered_waits
}

@test "a handler waits on another ring: both waits right, the inner one plain" {
	both "$BIN/common/handler" other-ring
	only_counts rings.seen 2 rings.armed 2 waits.registered 3 waits.plain.nested 3
}

@test "a handler waits on the same ring" {
	both "$BIN/common/handler" same-ring
	only_counts rings.seen 2 rings.armed 2 waits.registered 3 waits.plain.nested 3
}

@test "a handler waits while a completion comes for the outer wait" {
	both "$BIN/common/handler" completion
	counts rings.armed 2 waits.plain.nested 1
}

@test "a handler waits in a handler that waits" {
	both "$BIN/common/handler" two-levels
	only_counts rings.seen 2 rings.armed 2 waits.registered 1 waits.plain.nested 2
}

@test "a handler that interrupts no wait waits registered" {
	both "$BIN/common/handler" between
	only_counts rings.seen 2 rings.armed 2 waits.registered 1
}

@test "a mask lets the signal in, and its handler waits" {
	both "$BIN/common/handler" mask
	counts rings.armed 2 waits.plain.nested 1
}

@test "a handler makes a ring, waits on it and ends it" {
	both "$BIN/common/handler" ring
	counts rings.seen 4 rings.armed 4 waits.plain.nested 1
}

@test "a handler jumps out of a wait: the next waits are right" {
	both "$BIN/common/handler" jump
	counts rings.seen 2 rings.armed 2
}

@test "a handler waits and then jumps out: the next waits are right" {
	both "$BIN/common/handler" wait-and-jump
	counts rings.seen 2 rings.armed 2
}

@test "after a jump out of a wait, the thread's waits are right" {
	both "$BIN/common/handler" jump
	counts rings.armed 2
}

@test "after a jump out of a wait, the same code's waits are registered again" {
	both "$BIN/common/handler" jump-loop
	only_counts rings.seen 2 rings.armed 2 waits.registered 10
}

@test "a handler with a stack of its own above its thread's" {
	both "$BIN/common/handler" stack
	only_counts rings.seen 2 rings.armed 2 waits.registered 3 waits.plain.nested 3
}

@test "the same, with a stack that the kernel forgets while it is used" {
	both "$BIN/common/handler" disarmed-stack
	only_counts rings.seen 2 rings.armed 2 waits.registered 3 waits.plain.nested 3
}

@test "a handler makes the system call itself, on the stack of its thread and on one above it" {
	for stack in other-ring stack disarmed-stack; do
		both "$BIN/common/handler" $stack bare
		only_counts rings.seen 2 rings.armed 2 waits.registered 3 waits.plain.nested 3
	done
}
