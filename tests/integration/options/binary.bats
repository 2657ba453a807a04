#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The library file: what it needs, what it exports, and what its hot path does not do.

load ../../lib/integration

setup() {
	programs_setup
	need_tool readelf
}

# What a timed wait passes before it is in the kernel (shim/symbols/wait.c, wait_min.c): the exported
# functions jump to these.
waits="wait_cqes submit_and_wait wait_min submit_min"

# All that programs may bind to, with a version after @ (@@: a default one) where there is one.
exported() {
	readelf --dyn-syms -W "$SHIM" |
		awk '$7 ~ /^[0-9]+$/ && $5 ~ /GLOBAL|WEAK|UNIQUE/ { print $8 }' | sort
}

# liburing's and liburing-ffi's, all with default versions: as our own should be, but for that.
exported_by() {
	readelf --dyn-syms -W "$TOP/build/liburing/$1"/lib/liburing*.so.2 |
		awk '$7 ~ /^[0-9]+$/ && $5 ~ /GLOBAL|WEAK/ { sub("@@", "@", $8); print $8 }' | sort -u
}

@test "it needs the C library and nothing else" {
	readelf -d "$SHIM" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' >"$OUT/needed"
	cat "$OUT/needed"
	all '^(libc\.so\.6|ld-linux.*|libpthread\.so\.0|libdl\.so\.2)$' "$OUT/needed"
	[ -s "$OUT/needed" ]
}

@test "liburing's names have liburing's versions, and none is the default" {
	build_with 2.15
	exported | grep '^io_uring_.*@' >"$OUT/ours"
	[ "$(wc -l <"$OUT/ours")" -ge 30 ]
	none '@@' "$OUT/ours"
	exported_by 2.15 >"$OUT/theirs"
	[ "$(wc -l <"$OUT/theirs")" -ge 100 ]
	comm -23 "$OUT/ours" "$OUT/theirs" >"$OUT/nobodys"
	none . "$OUT/nobodys"
	# Whoever has one of the two libraries' name has the other's.
	sed 's/@.*//' "$OUT/ours" | sort -u >"$OUT/names"
	grep -f <(sed 's/.*/^&@/' "$OUT/names") "$OUT/theirs" | diff -u - "$OUT/ours"
}

# shellcheck disable=SC2086 # words
@test "it exports libc's names that it stands before, three of its own, and nothing else" {
	exported | grep -v '^io_uring_.*@' >"$OUT/others"
	printf '%s\n' io_uring_{register,setup,free}_reg_wait close_range@GLIBC_2.34 \
		closefrom@GLIBC_2.34 aio_{fsync,read,write}{,64} clone close dlclose dup2 dup3 \
		getaddrinfo_a lio_listio{,64} mq_notify prctl pthread_create syscall thrd_create \
		setns sigaltstack timer_create unshare | sort | diff -u - "$OUT/others"
}

@test "it has no text relocations, no executable stack, and is bound at load" {
	readelf -d "$SHIM" >"$OUT/dynamic"
	none 'TEXTREL' "$OUT/dynamic"
	grep -q 'NOW' "$OUT/dynamic"
	readelf -lW "$SHIM" | grep GNU_STACK >"$OUT/stack"
	none 'RWE' "$OUT/stack"
}

# The machine code of functions whose names match, without addresses; not the cold parts that the
# compiler split off.
code_of() {
	objdump -d --no-show-raw-insn "$SHIM" | awk -v name="$1" '
		/^[0-9a-f]+ <.*>:$/ { mine = $2 ~ "^<(" name ")(\\.(constprop|isra|part)[a-z0-9.]*)?>:$"; next }
		mine && NF { sub(/^ *[0-9a-f]+:\t/, ""); print }'
}

# How instructions are called here: that enter the kernel, that read and write in one, that are full
# fences, that call.
knows_code() {
	case $(uname -m) in
	x86_64)
		# A fence, as SQPOLL's wake-up needs, may be an "or" of zero with the top of the stack:
		# nobody else's memory. Anything else that locks the bus, or exchanges with memory, would
		# be a write that threads share.
		# shellcheck disable=SC2016 # machine code, not variables
		kernel='syscall' atomic='(lock|xchg.*\(|cmpxchg|xadd)' call='call' \
			fence='(lock or[lq] +\$0x0,(-?0x[0-9a-f]+)?\(%rsp\)|mfence)'
		;;
	aarch64)
		kernel='svc' fence='dmb' call='blr?' \
			atomic='(ld|st)(a|l)?x[rp]|(cas|swp|ldadd|ldclr|ldeor|ldset)|bl .*__aarch64_'
		;;
	*) skip "this reads machine code of x86-64 and arm64" ;;
	esac
}

@test "the five waits do no atomic read-modify-write and take no lock" {
	need_tool objdump
	knows_code
	for name in $waits; do
		code_of "hot_$name" >"$OUT/code"
		grep -qE "^$kernel" "$OUT/code"
		code_of "(on|index|pass)_$name(_timeout|_min_timeout)?" >>"$OUT/code"
		grep -E "^($atomic)" "$OUT/code" | grep -vE "^$fence" >"$OUT/atomic" || true
		none . "$OUT/atomic"
		none "^$call.*(pthread|dlsym|getenv|malloc|__tls_get_addr)" "$OUT/code"
	done
}

@test "what exported functions go on to is jumped to: frame and return address are the program's" {
	need_tool objdump
	knows_code
	sed -nE 's/^SEPARATE [a-z ]*\**([a-z0-9_]+)\(.*/\1/p' "$TOP"/shim/symbols/*.c >"$OUT/names"
	(($(wc -l <"$OUT/names") > 30))
	objdump -d --no-show-raw-insn "$SHIM" |
		grep -E "\s$call\s.*<($(paste -sd '|' "$OUT/names"))[.>]" >"$OUT/calls" || true
	none . "$OUT/calls"
}

@test "the fence is for SQPOLL only: an ordinary ring comes past none" {
	need_tool objdump
	need_tool gdb
	need_registered_waits
	knows_code
	# Where the fences of the waits are, as offsets from the start of the library.
	for name in $waits; do
		objdump -d --no-show-raw-insn "$SHIM" | FENCE=$fence awk -v name="$name" '
			/^[0-9a-f]+ <.*>:$/ { mine = $2 ~ "^<(hot|index)_" name "(\\.[a-z0-9.]*)?>:$" }
			mine && $0 ~ "\t" ENVIRON["FENCE"] { sub(":", "", $1); print $1 }'
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

@test "the entry of syscall() knows all ways on, on every processor that has one" {
	local name entry
	grep -oE '\bsyscall_[a-z_]+' "$TOP/shim/base/arch/syscall_entry.h" | sort -u >"$OUT/names"
	for name in syscall_is_ours syscall_next syscall_enter_next syscall_of_ours syscall_enter; do
		grep -qx "$name" "$OUT/names"
	done
	for entry in "$TOP"/shim/base/arch/*/syscall.S; do
		while read -r name; do
			[[ $name == syscall_entry ]] || (($(grep -cw "$name" "$entry") >= 2)) ||
				{ echo "$entry: $name is nowhere"; return 1; }
		done <"$OUT/names"
	done
}
