#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The registered-wait functions of liburing's manual pages: a test per sentence
# (tests/regwait/manual.c), on rings that are armed and on kernels that refuse.

setup_file() {
	export TOP=$BATS_TEST_DIRNAME/../..
	export WORK=$TOP/build/tests/regwait
	mkdir -p "$WORK"
	gcc -std=gnu11 -Wall -Wextra -Werror -O2 -I"$TOP/shim" -o "$WORK/manual" \
		"$TOP/tests/regwait/manual.c" -luring
	"$TOP/tests/aside/build" >/dev/null
}

shim() {
	env LD_PRELOAD="$TOP/build/libregwait.so" REGWAIT_STATS="$BATS_TEST_TMPDIR/stats" "$@"
}

count() {
	awk -v key="$1" '$1 == key { n += $2 } END { print n + 0 }' "$BATS_TEST_TMPDIR/stats"
}

@test "without the library the functions are not there, and a program can tell" {
	run "$WORK/manual"
	[ "$status" = 3 ]
}

@test "every sentence holds on rings that were enabled from the start" {
	shim "$WORK/manual" enabled
	[ "$(count waits.registered)" -ge 8 ]
}

@test "every sentence holds on rings that the program enables itself" {
	shim "$WORK/manual" disabled
	[ "$(count waits.registered)" -ge 8 ]
}

@test "every sentence holds where the kernel has no registered waits" {
	shim "$TOP/build/tests/aside/deny" register:34=EINVAL -- "$WORK/manual" enabled
	[ "$(count waits.registered)" = 0 ]
	[ "$(count rings.plain.kernel)" -ge 1 ]
}

@test "every sentence holds for a thread without a slot" {
	shim env REGWAIT_MAX_RINGS=0 "$WORK/manual" enabled
	[ "$(count waits.registered)" = 0 ]
}

@test "a wait by an entry is registered with the kernel" {
	strace -o "$BATS_TEST_TMPDIR/trace" -f -E LD_PRELOAD="$TOP/build/libregwait.so" \
		-e trace=io_uring_enter "$WORK/manual" enabled
	grep -q 'IORING_ENTER_EXT_ARG|0x40, .*, 64)' "$BATS_TEST_TMPDIR/trace"
}

@test "pkg-config finds the header" {
	make -C "$TOP" --no-print-directory install DESTDIR="$BATS_TEST_TMPDIR/root" PREFIX=/usr >/dev/null
	run env PKG_CONFIG_PATH="$BATS_TEST_TMPDIR/root/usr/lib/pkgconfig" \
		PKG_CONFIG_SYSROOT_DIR="$BATS_TEST_TMPDIR/root" PKG_CONFIG_ALLOW_SYSTEM_CFLAGS=1 \
		pkg-config --cflags regwait
	[ "$status" = 0 ]
	[[ "$output" == *"$BATS_TEST_TMPDIR/root/usr/include"* ]]
	[ -f "$BATS_TEST_TMPDIR/root/usr/include/regwait.h" ]
}
