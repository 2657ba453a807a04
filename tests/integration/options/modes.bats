#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Whatever the mode, and whether or not others can read its counts, the program is the same; above
# all where nothing is registered.

load ../../lib/integration

setup() {
	programs_setup
	need_registered_waits
}

# Every mode that the library knows, with or without a page that others can open.
in_every_mode() {
	local mode
	plain "$@"
	for mode in off:off observe:on ab:off ab:on aa:on on:on; do
		REGWAIT=${mode%:*} REGWAIT_LIVE=${mode#*:} shim "$@"
		same || { echo "REGWAIT=${mode%:*} REGWAIT_LIVE=${mode#*:}"; return 1; }
	done
}

@test "rings of every creation" {
	for how in init params setup disabled setup-disabled; do
		in_every_mode "$BIN/common/rings" $how 2
	done
}

@test "rings that are refused, and IOPOLL" {
	in_every_mode "$TOOLS/deny" setup=EPERM -- "$BIN/common/rings" init 1
	in_every_mode "$TOOLS/deny" register:34=EINVAL -- "$BIN/common/rings" init 2
	in_every_mode "$TOOLS/deny" register:12=EPERM -- "$BIN/common/rings" params 2
	in_every_mode "$BIN/common/rings" params 2 0x1
}

@test "children" {
	for case in fork-own clone vfork together; do
		in_every_mode "$BIN/common/family" $case
	done
}

@test "handlers" {
	for case in completion two-levels jump mask; do
		in_every_mode "$BIN/common/handler" $case
	done
}

@test "threads" {
	in_every_mode "$BIN/common/threads" same-ring 70
	in_every_mode "$BIN/common/threads" cancelled 3
}

@test "rings that move, and regions of the program's own" {
	in_every_mode "$BIN/rings/moved" move
	in_every_mode "$BIN/rings/moved" bare
	programs_setup 2.15
	in_every_mode "$BIN/common/region" lib before-enable
	in_every_mode "$BIN/waits/reg_wait" lib
}

@test "errno" {
	in_every_mode "$BIN/common/untouched"
}

@test "pages that others can open are gone when their processes are" {
	pages() { find /dev/shm -path '*regwait*' -type f 2>/dev/null | wc -l; }
	before=$(pages)
	REGWAIT_LIVE=on shim "$BIN/common/family" fork-own
	REGWAIT_LIVE=on shim "$BIN/common/rings" init 1
	[ "$before" = "$(pages)" ]
}
