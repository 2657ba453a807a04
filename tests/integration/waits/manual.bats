#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The registered-wait functions of liburing's manual pages: a test per sentence
# (programs/manual.c), on rings that are armed and on kernels that refuse.

load ../../lib/integration

# A program that uses these functions is linked with a liburing that has them: 2.9 or later.
setup() {
	programs_setup
	[[ $BATS_TEST_DESCRIPTION != *"liburing 2.9"* ]] || programs_setup 2.9
	[[ $BATS_TEST_DESCRIPTION != *"liburing 2.15"* ]] || programs_setup 2.15
	MANUAL=$BIN/waits/manual
}

# there WAY PATTERN: the names that are there match it, and all others are missing.
there() {
	awk -v pattern="^io_uring_($2)\$" '
		($1 == "there") != ($2 ~ pattern) { print "not so: " $0; bad = 1 }
		END { exit bad || NR != 5 }' "$OUT/$1.out"
}

of_ours="register_reg_wait|setup_reg_wait|free_reg_wait"
of_liburing="register_wait_reg|submit_and_wait_reg"

@test "without the library the functions are not there, and a program can tell" {
	plain "$MANUAL"
	[ "$rc" = 3 ]
}

@test "liburing 2.3 has two of the names no more than without the library" {
	programs_setup 2.3
	MANUAL=$BIN/waits/manual
	plain "$MANUAL" names
	there plain none
	shim "$MANUAL" names
	there shim "$of_ours"
	REGWAIT=off shim "$MANUAL" names
	there shim "$of_ours"
}

@test "with liburing 2.15 all five are there, two of them without the library too" {
	plain "$MANUAL" names
	there plain "$of_liburing"
	shim "$MANUAL" names
	there shim "$of_ours|$of_liburing"
}

every_sentence() {
	shim "$@"
	cat "$OUT/shim.out" "$OUT/shim.err"
	[ "$rc" = 0 ]
}

@test "every sentence holds on rings that were enabled from the start: liburing 2.9" {
	every_sentence "$MANUAL" enabled
	[ "$(count waits.registered)" -ge 8 ]
}

@test "every sentence holds on rings that were enabled from the start: liburing 2.15" {
	every_sentence "$MANUAL" enabled
	[ "$(count waits.registered)" -ge 8 ]
}

@test "every sentence holds on rings that the program enables itself: liburing 2.9" {
	every_sentence "$MANUAL" disabled
	[ "$(count waits.registered)" -ge 8 ]
}

@test "every sentence holds on rings that the program enables itself: liburing 2.15" {
	every_sentence "$MANUAL" disabled
	[ "$(count waits.registered)" -ge 8 ]
}

@test "every sentence holds where the kernel has no registered waits: liburing 2.15" {
	every_sentence "$TOOLS/deny" register:34=EINVAL -- "$MANUAL" enabled
	[ "$(count waits.registered)" = 0 ]
	[ "$(count rings.plain.kernel)" -ge 1 ]
}

@test "every sentence holds for a thread without a slot: liburing 2.15" {
	every_sentence env REGWAIT_MAX_RINGS=0 "$MANUAL" enabled
	[ "$(count waits.registered)" = 0 ]
}

@test "a wait by an entry is registered with the kernel: liburing 2.15" {
	strace -o "$OUT/trace" -f -E LD_PRELOAD="$SHIM" \
		-e trace=io_uring_enter "$MANUAL" enabled
	grep -qE 'IORING_ENTER_EXT_ARG\|(0x40|IORING_ENTER_EXT_ARG_REG), .*, 64\)' "$OUT/trace"
}

@test "pkg-config finds the header" {
	need_tool cc
	need_tool pkg-config
	env -u MAKEFLAGS make -C "$TOP" --no-print-directory install DESTDIR="$OUT/root" PREFIX=/usr >/dev/null
	run env PKG_CONFIG_PATH="$OUT/root/usr/lib/pkgconfig" \
		PKG_CONFIG_SYSROOT_DIR="$OUT/root" PKG_CONFIG_ALLOW_SYSTEM_CFLAGS=1 \
		pkg-config --cflags regwait
	[ "$status" = 0 ]
	[[ "$output" == *"$OUT/root/usr/include"* ]]
	[ -f "$OUT/root/usr/include/regwait.h" ]
}
