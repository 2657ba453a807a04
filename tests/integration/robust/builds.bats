#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Each compiler that is installed builds the library, with whatever optimisation, and it works.

load ../../lib/ways

setup() {
	ways_setup robust
	needs_rings
}

# builds CC FLAGS: a library of that kind, under which a program waits as without.
builds() {
	local cc=$1 flags=$2 b=$BATS_TEST_TMPDIR/build
	need_tool "$cc"
	make -s -j2 -C "$TOP" CC="$cc" CFLAGS="$flags" B="$b" "$b/libregwait.so"
	SHIM=$b/libregwait.so
	all_ways "$BIN/bad_enter" enter2
	all_ways "$BIN/bad_enter" syscall
}

@test "gcc -O0" {
	builds gcc -O0
}

@test "gcc -O3" {
	builds gcc -O3
}

@test "gcc -O2 -flto" {
	builds gcc '-O2 -flto'
}

@test "clang -O3" {
	builds clang -O3
}

@test "clang -O2 -flto" {
	command -v ld.lld >/dev/null || command -v LLVMgold.so >/dev/null || skip "no linker for it"
	builds clang '-O2 -flto'
}
