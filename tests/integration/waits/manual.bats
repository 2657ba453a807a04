#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The registered-wait functions of liburing's manual pages: a test per sentence
# (programs/manual.c), on rings that are armed and on kernels that refuse.

load ../../lib/integration

setup() {
	programs_setup
	MANUAL=$BIN/waits/manual
}

@test "without the library the functions are not there, and a program can tell" {
	plain "$MANUAL"
	[ "$rc" = 3 ]
}

@test "every sentence holds on rings that were enabled from the start" {
	shim "$MANUAL" enabled
	[ "$rc" = 0 ]
	[ "$(count waits.registered)" -ge 8 ]
}

@test "every sentence holds on rings that the program enables itself" {
	shim "$MANUAL" disabled
	[ "$rc" = 0 ]
	[ "$(count waits.registered)" -ge 8 ]
}

@test "every sentence holds where the kernel has no registered waits" {
	shim "$TOOLS/deny" register:34=EINVAL -- "$MANUAL" enabled
	[ "$rc" = 0 ]
	[ "$(count waits.registered)" = 0 ]
	[ "$(count rings.plain.kernel)" -ge 1 ]
}

@test "every sentence holds for a thread without a slot" {
	shim env REGWAIT_MAX_RINGS=0 "$MANUAL" enabled
	[ "$rc" = 0 ]
	[ "$(count waits.registered)" = 0 ]
}

@test "a wait by an entry is registered with the kernel" {
	strace -o "$OUT/trace" -f -E LD_PRELOAD="$SHIM" \
		-e trace=io_uring_enter "$MANUAL" enabled
	grep -qE 'IORING_ENTER_EXT_ARG\|(0x40|IORING_ENTER_EXT_ARG_REG), .*, 64\)' "$OUT/trace"
}

@test "pkg-config finds the header" {
	env -u MAKEFLAGS make -C "$TOP" --no-print-directory install DESTDIR="$OUT/root" PREFIX=/usr >/dev/null
	run env PKG_CONFIG_PATH="$OUT/root/usr/lib/pkgconfig" \
		PKG_CONFIG_SYSROOT_DIR="$OUT/root" PKG_CONFIG_ALLOW_SYSTEM_CFLAGS=1 \
		pkg-config --cflags regwait
	[ "$status" = 0 ]
	[[ "$output" == *"$OUT/root/usr/include"* ]]
	[ -f "$OUT/root/usr/include/regwait.h" ]
}
