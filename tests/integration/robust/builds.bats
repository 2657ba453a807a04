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

# bats test_tags=long
@test "gcc -O3" {
	builds gcc -O3
}

# bats test_tags=long
@test "gcc -O2 -flto" {
	builds gcc '-O2 -flto'
}

# bats test_tags=long
@test "clang -O3" {
	builds clang -O3
}

@test "clang -O2 -flto" {
	command -v ld.lld >/dev/null || command -v LLVMgold.so >/dev/null || skip "no linker for it"
	builds clang '-O2 -flto'
}

@test "for arm64: ready for a processor that checks where jumps lead" {
	local b=$BATS_TEST_TMPDIR/build object
	need_tool aarch64-linux-gnu-gcc
	make -s -j2 -C "$TOP" CC=aarch64-linux-gnu-gcc B="$b" WERROR=1 "$b/libregwait.so"
	# If one object did not say so of itself, the linker would not of the library.
	find "$b/shim" -name '*.o' >"$OUT/objects"
	[ "$(wc -l <"$OUT/objects")" -ge 40 ]
	while read -r object; do
		readelf -n "$object" | grep -q 'AArch64 feature: BTI, PAC' || { echo "$object"; return 1; }
	done <"$OUT/objects"
	# A jump by any other register may not lead to the pad of a function that is called.
	aarch64-linux-gnu-objdump -d --no-show-raw-insn "$b/libregwait.so" >"$OUT/code"
	[ "$(grep -cE '\sbr\s+x1[67]$' "$OUT/code")" -ge 10 ]
	none '\sbr\s+x([0-9]|1[0-589]|[23][0-9])$' "$OUT/code"
	grep -A 1 '^[0-9a-f]* <syscall>:' "$OUT/code" | grep -q '\sbti\s*c$'
}
