#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What the library is made of: what it needs, what it exports, and what its hot path does not do.

load ../../lib/integration

setup() {
	programs_setup
	need_tool readelf
}

waits="io_uring_wait_cqe_timeout io_uring_wait_cqes io_uring_submit_and_wait_timeout
	io_uring_wait_cqes_min_timeout io_uring_submit_and_wait_min_timeout"

# The names under "global:" in the version script.
mapped() {
	sed -n '/global:/,/local:/{s/^[[:space:]]*\([a-z_0-9]*\);.*/\1/p}' "$TOP/shim/libregwait.map" | sort
}

exported() {
	readelf --dyn-syms -W "$SHIM" |
		awk '$4 != "NOTYPE" && $7 != "UND" && $5 ~ /GLOBAL|WEAK/ { print $8 }' | sort
}

@test "it needs the C library and nothing else" {
	readelf -d "$SHIM" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' >"$OUT/needed"
	cat "$OUT/needed"
	all '^(libc\.so\.6|ld-linux.*|libpthread\.so\.0|libdl\.so\.2)$' "$OUT/needed"
	[ -s "$OUT/needed" ]
}

@test "it exports the names in its map, unversioned, and nothing else" {
	[ "$(mapped | wc -l)" -ge 15 ]
	diff -u <(mapped) <(exported)
	exported >"$OUT/exported"
	none '@' "$OUT/exported"
	all '^(io_uring_.*|close|close_range|closefrom|dup[23]|syscall|pthread_create|thrd_create|prctl)$' \
		"$OUT/exported"
}

@test "it has no text relocations, no executable stack, and is bound at load" {
	readelf -d "$SHIM" >"$OUT/dynamic"
	none 'TEXTREL' "$OUT/dynamic"
	grep -q 'NOW' "$OUT/dynamic"
	readelf -lW "$SHIM" | grep GNU_STACK >"$OUT/stack"
	none 'RWE' "$OUT/stack"
}

# The machine code of a wait, without addresses: the door that is exported, and what it jumps to,
# but not the way around everything that REGWAIT=off takes.
code_of() {
	objdump -d --no-show-raw-insn "$SHIM" | awk -v name="$1" '
		/^[0-9a-f]+ <.*>:$/ {
			mine = $2 ~ "^<((on|aside)_)?" name "(\\.[a-z0-9.]*)?>:$"
			next
		}
		mine && NF { sub(/^ *[0-9a-f]+:\t/, ""); print }'
}

@test "the five waits do no atomic read-modify-write and take no lock" {
	need_tool objdump
	[ "$(uname -m)" = x86_64 ] || skip "this reads x86-64 machine code"
	for name in $waits; do
		code_of "$name" >"$OUT/code"
		grep -qE '^syscall' "$OUT/code"
		# A full fence, as SQPOLL's wake-up needs, is an "or" of zero with the top of the stack,
		# or mfence: nobody else's memory. Anything else that locks the bus, or exchanges with
		# memory, would be a write that threads share.
		# shellcheck disable=SC2016 # machine code, not variables
		grep -E '^(lock|xchg.*\(|cmpxchg|xadd)' "$OUT/code" |
			grep -vE '^lock or[lq] +\$0x0,(-?0x[0-9a-f]+)?\(%rsp\)' >"$OUT/atomic" || true
		none . "$OUT/atomic"
		none 'call.*(pthread|dlsym|getenv|malloc|__tls_get_addr)' "$OUT/code"
	done
}

@test "the fence is for SQPOLL only: an ordinary ring comes past none" {
	need_tool objdump
	need_tool gdb
	need_registered_waits
	[ "$(uname -m)" = x86_64 ] || skip "this reads x86-64 machine code"
	# Where the fences of the waits are, as offsets from the start of the library.
	for name in $waits; do
		objdump -d --no-show-raw-insn "$SHIM" | awk -v name="$name" '
			/^[0-9a-f]+ <.*>:$/ { mine = $2 ~ "^<((on|aside)_)?" name "(\\.[a-z0-9.]*)?>:$" }
			mine && /lock or.*\(%rsp\)|mfence/ { sub(":", "", $1); print $1 }'
	done >"$OUT/fences"
	[ -s "$OUT/fences" ]
	start=(-ex "set environment LD_PRELOAD $SHIM" -ex 'set startup-with-shell off'
		-ex 'break main' -ex run)
	met() {
		local base
		# gdb switches randomisation off: the library lies at the same place in every run.
		base=$(gdb -q -batch "${start[@]}" -ex 'info proc mappings' --args "$@" 2>/dev/null |
			awk '/libregwait/ { print $1; exit }')
		[ -n "$base" ] || skip "gdb cannot start programs here"
		for address in $(<"$OUT/fences"); do
			printf 'break *(%s+0x%s)\n' "$base" "$address"
		done >"$OUT/breaks"
		gdb -q -batch "${start[@]}" -x "$OUT/breaks" -ex continue --args "$@" 2>/dev/null
	}
	met "$BIN/common/rings" init 1 >"$OUT/ordinary"
	grep -q 'exited normally' "$OUT/ordinary"
	met "$BIN/kernel/sqpoll" init 0x2 >"$OUT/sqpoll"
	none 'exited normally' "$OUT/sqpoll"
}
