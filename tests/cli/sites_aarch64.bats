#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154 # the helper sets them
# regwait sites on files for aarch64, on whatever machine.

load ../lib/cli
load ../lib/machine

setup() {
	tool_setup
	machine arm64
	CC=("$MACHINE_CC")
	[ "$HOSTTYPE" != aarch64 ] || CC=(cc)
	if ! command -v "${CC[0]}" >/dev/null; then
		# clang compiles for any machine, but links with the system's linker.
		command -v clang >/dev/null && command -v ld.lld >/dev/null ||
			skip "there is no compiler for aarch64"
		CC=(clang --target=aarch64-linux-gnu -fuse-ld=lld)
	fi
}

teardown() { tool_teardown; }

# linked NAME: a library of the assembly that comes in, and the same without symbols.
linked() {
	{
		cat
		printf '.section .note.GNU-stack,"",%%progbits\n'
	} >"$OUT/$1.s"
	"${CC[@]}" -nostdlib -shared -Wl,--eh-frame-hdr -o "$OUT/$1" "$OUT/$1.s"
	"${CC[@]}" -nostdlib -shared -Wl,--eh-frame-hdr -s -o "$OUT/$1.stripped" "$OUT/$1.s"
}

# code NAME: a library of these lines of assembly, in one function main with an FDE.
code() {
	{
		printf '.globl main\n.type main, %%function\nmain: .cfi_startproc\n'
		cat
		printf '.cfi_endproc\n.size main, . - main\n'
	} | linked "$1"
}

# finds NAME REGEX: the one line of main's site.
finds() {
	tool sites "$OUT/$1"
	ended 0
	said out "$2"
}

# The same where no symbol tells of data.
stripped() {
	finds "$1.stripped" "$2"
}

@test "the call itself is replaced, whatever is before it" {
	code near <<<'mov w8, #426; svc #0; ret'
	finds near '^  main\+4 +io_uring_enter: replaces svc #0$'
	code register <<<'mov w8, w1; svc #0; ret'
	finds register 'any call: replaces svc #0$'
	code first <<<'svc #0; ret'
	finds first 'any call: replaces svc #0$'
	code called <<<'mov w8, #426; bl 1f; 1: svc #0; ret'
	finds called 'any call: replaces svc #0$'
}

@test "a number is believed if it is the same on every way" {
	code kept <<<'mov x8, #427; mov x1, x2; ldp x3, x4, [sp]; svc #0; ret'
	finds kept 'io_uring_register: replaces'
	code other <<<'mov x8, #172; mov x1, x2; svc #0; ret'
	finds other 'can be patched +0 of 0'
	# Somebody comes with another number.
	code joined <<<'mov x8, #172; cbz w0, 1f; mov x8, #426; 1: svc #0; ret'
	finds joined 'any call: replaces'
	code before <<<'mov x8, #426; cbz w0, 1f; mov x8, #172; 1: mov x1, x2; svc #0; ret'
	finds before 'any call: replaces'
	code indirect <<<'br x0; mov x8, #172; svc #0; ret'
	finds indirect 'any call: replaces'
	# It is changed, by instructions that name the register in one place or another.
	local change
	for change in 'add x8, x8, #1' 'ldp x1, x8, [sp]' 'ldr x1, [x8], #8' 'movk w8, #1, lsl #16' \
		'movz x8, #1, lsl #16' 'stxr w8, x1, [x2]' '.inst 0xf83fd042'; do
		code changed <<<"mov x8, #426; $change; svc #0; ret"
		finds changed 'any call: replaces' || { echo "$change" >&2; return 1; }
	done
}

@test "a function with data in it is left alone, with symbols and without" {
	local body
	code loaded <<<'ldr x0, 1f; mov w8, #426; svc #0; ret; 1: .xword 0xd4000001'
	finds loaded 'main\+[0-9]+ +any call: left alone: its function holds bytes that are no instructions'
	stripped loaded 'left alone: its function holds bytes'
	for body in 'ldr q0, 1f' 'ldrsw x0, 1f' 'ldr s0, 1f' 'prfm pldl1keep, 1f'; do
		code loaded <<<"$body; mov w8, #426; svc #0; ret; .p2align 4; 1: .inst 0xd503201f, 0xd503201f, 0xd503201f, 0xd503201f"
		stripped loaded 'left alone: its function holds bytes' || { echo "$body" >&2; return 1; }
	done
	code table <<<'adr x0, 1f; ldr w1, [x0, x1]; mov w8, #426; svc #0; ret; 1: .word 0x91000000'
	finds table 'left alone: its function holds bytes'
	stripped table 'left alone: its function holds bytes'
	code zero <<<'mov w8, #426; svc #0; ret; .inst 0'
	stripped zero 'left alone: its function holds bytes'
	# An address to jump to, and a constant outside.
	code switch <<<'adr x0, 1f; br x0; 1: mov w8, #426; svc #0; ret'
	stripped switch 'any call: replaces svc #0'
	linked outside <<-'TEXT'
		.globl main
		.type main, %function
		main: .cfi_startproc
		ldr x0, 1f; mov w8, #426; svc #0; ret
		.cfi_endproc
		.size main, . - main
		.p2align 3
		1: .xword 0xd4000001
	TEXT
	finds outside '^  main\+8 +io_uring_enter: replaces svc #0$'
	said out 'any call: left alone: neither .eh_frame nor a symbol tells of its function'
}

@test "data between the symbols that tell of it is no code" {
	code marked <<<'mov w8, #426; svc #0; b 1f; .word 0x91000000; 1: ret'
	finds marked 'left alone: its function holds bytes'
	stripped marked 'io_uring_enter: replaces'
}

@test "bytes that are no multiple of four away are no instruction" {
	linked odd <<-'TEXT'
		.hword 0, 1, 0xd400, 0
		.globl main
		.type main, %function
		main: .cfi_startproc
		mov w8, #426; svc #0; ret
		.cfi_endproc
		.size main, . - main
	TEXT
	finds odd 'can be patched +1 of 1'
}

@test "a function that only a symbol tells of" {
	linked symbol <<-'TEXT'
		.globl main
		.type main, %function
		main: mov w8, #426; svc #0; ret
		.size main, . - main
		.type hidden, %function
		hidden: mov w8, #427; svc #0; ret
	TEXT
	finds symbol '^  main\+4 +io_uring_enter: replaces'
	said out 'left alone: neither .eh_frame nor a symbol'
}

@test "a plan says for which machine it is" {
	code near <<<'mov w8, #426; svc #0; ret'
	tool sites --write "$OUT/plan" "$OUT/near"
	ended 0
	[ "$(od -A n -t u2 -j 16 -N 2 "$OUT/plan" | xargs)" = 183 ]
	# The run has 4 bytes, all of them the first instruction's, and no displacement.
	[ "$(od -A n -t u1 -j $((64 + 12)) -N 3 "$OUT/plan" | xargs)" = "4 4 0" ]
	[ "$(od -A n -t x1 -j $((64 + 24)) -N 4 "$OUT/plan" | xargs)" = "01 00 00 d4" ]
}

@test "no decoder is asked for, and libc is left alone" {
	local libc
	code near <<<'mov w8, #426; svc #0; ret'
	cp "$CLI" "$SHIM" "$OUT"
	CLI=$OUT/regwait
	finds near 'can be patched +1 of 1'
	libc=$("${CC[@]}" -print-file-name=libc.so.6)
	[ -e "$libc" ] || skip "there is no libc of aarch64"
	tool sites "$libc"
	ended 0
	said out 'can be patched +0 of [1-9]'
}
