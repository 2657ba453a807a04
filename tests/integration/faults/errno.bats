#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# liburing does not change errno, nor does the shim, in any kind of wait.

load ../../lib/integration

setup() {
	programs_setup
	need_registered_waits
}

untouched() {
	both "$@"
	[ "$(grep -c ': ETIME' "$OUT/shim.out")" -ge 9 ]
	none ', errno ' "$OUT/shim.out"
}

@test "registered, polled and answered waits, and the first of a thread" {
	for version in "" 2.9 2.15; do
		programs_setup $version
		untouched "$BIN/common/untouched"
		[ "$(count waits.registered)" -ge 15 ]
		[ "$(count waits.polled)" -ge 6 ]
		[ "$(count waits.answered)" -ge 6 ]
	done
}

@test "plain waits: too many rings, no slot, no memory, a refusing kernel" {
	programs_setup 2.15
	REGWAIT_MAX_RINGS=0 untouched "$BIN/common/untouched"
	counts rings.plain.too-many-rings 1 waits.registered 0
	untouched "$TOOLS/deny" register:34=EPERM -- "$BIN/common/untouched"
	counts rings.plain.region-refused 1 waits.registered 0
	untouched "$TOOLS/deny" register:34=EINVAL -- "$BIN/common/untouched"
	counts rings.plain.kernel 1 waits.registered 0
	untouched "$TOOLS/deny" register:12=EPERM -- "$BIN/common/untouched"
	counts rings.plain.enable-refused 1 waits.registered 0
	BEHIND=$TOOLS/fail.so FAIL=madvise:1 untouched "$BIN/common/untouched"
	counts rings.armed 0 waits.registered 0
}

@test "rings of other kinds" {
	programs_setup 2.9
	# CQE32, IOPOLL.
	for flags in 0x800 0x1; do
		both "$BIN/common/untouched" $flags
		none ', errno ' "$OUT/shim.out"
	done
}

@test "off" {
	REGWAIT=off untouched "$BIN/common/untouched"
}
