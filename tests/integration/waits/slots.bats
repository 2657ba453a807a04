#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Threads that find no slot, and slots that come back.

load ../../lib/integration

setup() {
	programs_setup
	need_registered_waits
}

need_memory_to_lock() {
	[[ $(ulimit -l) == unlimited ]] || skip "an ordinary user may not lock that much memory"
}

@test "one slot, eight threads on rings of their own: one registers, seven wait plain" {
	plain "$BIN/common/threads" own-rings 8
	REGWAIT_SLOTS=1 shim "$BIN/common/threads" own-rings 8
	same
	only_counts rings.seen 9 rings.armed 9 waits.registered 4 waits.plain.no-slot 28
}

@test "three slots, eight threads on one ring" {
	plain "$BIN/common/threads" same-ring 8
	REGWAIT_SLOTS=3 shim "$BIN/common/threads" same-ring 8
	same
	only_counts rings.seen 1 rings.armed 1 waits.registered 12 waits.plain.no-slot 20
}

@test "by default 63 threads have a slot, and the others still wait right" {
	both "$BIN/common/threads" same-ring 80
	only_counts rings.seen 1 rings.armed 1 waits.registered 252 waits.plain.no-slot 68
}

@test "with more slots than one page holds, all of them have one" {
	for slots in 64 80 127 128 200; do
		plain "$BIN/common/threads" same-ring 130
		REGWAIT_SLOTS=$slots shim "$BIN/common/threads" same-ring 130
		same
		have=$((slots < 130 ? slots : 130))
		counts rings.armed 1 waits.registered $((have * 4)) \
			waits.plain.no-slot $(((130 - have) * 4))
	done
}

@test "the largest number of slots" {
	# An ordinary user may lock a few megabytes, of which a ring gets a small part.
	[[ $(id -u) == 0 ]] || need_memory_to_lock
	plain "$BIN/common/threads" same-ring 70
	REGWAIT_SLOTS=4095 shim "$BIN/common/threads" same-ring 70
	same
	only_counts rings.seen 1 rings.armed 1 waits.registered 280
}

@test "one slot serves three thousand short threads, one after the other" {
	plain "$BIN/common/threads" short 3000
	REGWAIT_SLOTS=1 shim "$BIN/common/threads" short 3000
	same
	only_counts rings.seen 1 rings.armed 1 waits.registered 3000 waits.polled 3000
}

@test "a slot comes back from a thread whose own destructor waits" {
	plain "$BIN/common/threads" destructor 50
	REGWAIT_SLOTS=1 shim "$BIN/common/threads" destructor 50
	same
	only_counts rings.seen 1 rings.armed 1 waits.registered 150
}

@test "a slot comes back from a thread that waits in its very last destructor" {
	plain "$BIN/common/threads" last-destructor 20
	REGWAIT_SLOTS=4 shim "$BIN/common/threads" last-destructor 20
	same
	counts waits.plain.no-slot 0
}

@test "a slot comes back from a thread that was cancelled in its wait" {
	plain "$BIN/common/threads" cancelled 20
	REGWAIT_SLOTS=1 shim "$BIN/common/threads" cancelled 20
	same
	only_counts rings.seen 1 rings.armed 1 waits.registered 21 waits.polled 1
}

@test "a slot comes back from the first thread, which had it while it was the only one" {
	plain "$BIN/common/threads" first-ends 3
	REGWAIT_SLOTS=1 shim "$BIN/common/threads" first-ends 3
	same
	only_counts rings.seen 1 rings.armed 1 waits.registered 4
}
