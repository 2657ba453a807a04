#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# REGWAIT_RINGFD: waits go by a registered descriptor, which shows in a trace only.

load ../../lib/integration

SINGLE=0x1000
DEFER=0x3000

setup() {
	programs_setup
	need_registered_waits
	programs_setup "${VERSION:-2.15}"
}

# By default: rings that the kernel ties to one task, and no others.
kinds() {
	local flags
	for flags in $SINGLE $DEFER; do
		both "$BIN/rings/ringfd" "$1" "$flags"
		counts rings.indexed "$2"
	done
	both "$BIN/rings/ringfd" "$1" 0
	counts rings.indexed 0
}

@test "waits go by the index, as many as without it, and it is given back" {
	traced "$OUT/on" "$BIN/rings/ringfd" sandbox-none $DEFER
	grep -c 'REGISTER_RING_FDS, \[{offset=15,' "$OUT/on"
	[ "$(grep -c 'io_uring_enter(15, .*ENTER_REGISTERED_RING' "$OUT/on")" = 4 ]
	# This wait submits the read that is never to end.
	[ "$(grep -c "io_uring_enter([^1]" "$OUT/on")" = 1 ]
	[ "$(grep -cE 'io_uring_register\(15, (0x80000015|.*UNREGISTER_RING_FDS)' "$OUT/on")" = 1 ]
	REGWAIT_RINGFD=off traced "$OUT/off" "$BIN/rings/ringfd" sandbox-none $DEFER
	none 'REGISTER_RING_FDS|REGISTERED_RING' "$OUT/off"
	[ "$(grep -c io_uring_enter "$OUT/off")" = 5 ]
	counts rings.indexed 0
}

@test "a ring that is resized, and so has new memory" {
	both "$BIN/rings/ringfd" resize $DEFER
	counts rings.indexed 1
}

@test "whatever ends a ring ends it" {
	kinds end 6
	grep -c over "$OUT/shim.out"
	none there "$OUT/shim.out"
}

@test "a ring has ended when another thread has closed it" {
	kinds end-by-thread 2
	none there "$OUT/shim.out"
	kinds end-by-timer 1
	none there "$OUT/shim.out"
}

@test "waits of several threads" {
	kinds threads 1
}

@test "the program's own indices: all of them, whatever their numbers" {
	kinds own-register 1
	kinds own-number 2
	kinds own-liburing 2
	VERSION=2.3 setup
	kinds own-liburing 2
}

@test "twenty rings: half of the indices are left to the program" {
	kinds many 16
}

@test "a child waits by the descriptor, closes it, and the parent's index stays" {
	local kind
	for kind in fork vfork; do
		plain "$BIN/rings/ringfd" $kind $SINGLE
		traced "$OUT/trace" "$BIN/rings/ringfd" $kind $SINGLE
		same
		[ "$(grep -c 'RING_FDS' "$OUT/trace")" -ge 1 ]
	done
	# One by which the child of vfork tried, and was refused.
	[ "$(grep -c 'io_uring_enter(15, ' "$OUT/trace")" -ge 5 ]
}

@test "a program may forbid itself io_uring_register(2) and end its ring" {
	local how
	for how in prctl seccomp SYS_prctl; do
		both "$BIN/rings/ringfd" sandbox-$how $SINGLE
		counts rings.indexed 1
	done
}

@test "auto: not where there are threads; off: never; other modes than on: not" {
	plain "$BIN/rings/ringfd" many $SINGLE
	for mode in off ab aa observe; do
		REGWAIT=$mode shim "$BIN/rings/ringfd" many $SINGLE
		same
		counts rings.indexed 0
	done
	REGWAIT_RINGFD=off shim "$BIN/rings/ringfd" many $SINGLE
	same
	counts rings.indexed 0
}
