#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# REGWAIT=off: not one system call more than without the preload.

load ../../lib/integration

setup() {
	programs_setup
}

# The program's system calls from its first mark to its end, without what differs from run to run.
calls() {
	env "$@" strace -f -qq -o "$OUT/trace" "$BIN/options/strict" >/dev/null
	sed -n '/getpgid(424242)/,$p' "$OUT/trace" |
		sed -E 's/^[0-9]+ +//; s/0x[0-9a-f]{6,}/ADDRESS/g'
}

@test "off: the same system calls, from main to the very end" {
	need_tool strace
	calls A=B >"$OUT/without"
	calls LD_PRELOAD="$SHIM" REGWAIT=off >"$OUT/with"
	[ "$(grep -c io_uring "$OUT/without")" -ge 20 ]
	diff -u "$OUT/without" "$OUT/with"
}

@test "off: loading the library costs what loading any library costs" {
	need_tool strace
	load() {
		strace -f -qq -o "$OUT/trace" -E LD_PRELOAD="$1" -E REGWAIT=off "$BIN/options/strict" >/dev/null
		sed '/getpgid(424242)/,$d' "$OUT/trace" | sed -E 's/^[0-9]+ +//; s/[( ].*//' | sort | uniq -c |
			grep -Ev ' (pread64|mmap|mprotect|munmap|fstat|newfstatat|close|read|openat|brk)$'
	}
	# Another preload, which does nothing, to compare with.
	load "$BIN/options/nothing.so" >"$OUT/nothing"
	load "$SHIM" >"$OUT/ours"
	diff -u "$OUT/nothing" "$OUT/ours"
}

@test "off by ONLY or SKIP: the same" {
	need_tool strace
	calls A=B >"$OUT/without"
	for how in REGWAIT_SKIP=strict REGWAIT_ONLY=another; do
		calls LD_PRELOAD="$SHIM" $how >"$OUT/with"
		diff -u "$OUT/without" "$OUT/with"
	done
}

@test "off: the statistics say so, and nothing was seen" {
	plain "$BIN/options/strict"
	REGWAIT=off shim "$BIN/options/strict"
	same
	grep -qx 'mode off' "$OUT/stats"
	only_counts
	counts rings.seen 0 rings.armed 0 waits.registered 0 waits.polled 0 waits.answered 0
}

@test "off: registrations and waits of the program's own go through untouched" {
	need_registered_waits
	programs_setup 2.15
	for case in plain-memory wait-memory-too-late bad-memory from-kernel before-enable \
		both-entries; do
		plain "$BIN/common/region" lib $case
		REGWAIT=off shim "$BIN/common/region" lib $case
		same
	done
	plain "$BIN/waits/reg_wait" lib
	REGWAIT=off shim "$BIN/waits/reg_wait" lib
	same
}

@test "a program without io_uring: nothing is printed, nothing is done" {
	need_tool strace
	run_in plain env -u LD_PRELOAD ls /
	run_in shim env LD_PRELOAD="$SHIM" ls /
	same
	run_in shim env LD_PRELOAD="$SHIM" REGWAIT_NONSENSE=1 REGWAIT_SLOTS=many \
		REGWAIT_LOG=debug ls /
	same
	# From the first call that is ls's own.
	own() {
		strace -f -qq -o "$OUT/trace" -E LD_PRELOAD="$1" ls / >/dev/null
		sed -n '/openat.*"\/",/,$p' "$OUT/trace" | sed -E 's/^[0-9]+ +//; s/0x[0-9a-f]{6,}/ADDRESS/g'
	}
	own "" >"$OUT/without"
	[ -s "$OUT/without" ]
	diff -u "$OUT/without" <(own "$SHIM")
}

@test "a whole shell pipeline under the preload prints nothing of ours" {
	cat >"$OUT/script" <<-'TEXT'
		echo one two | tr " " "\n" | sort | { read -r a; echo "$a"; }
		(exec ls -d /) && true | cat
	TEXT
	run_in plain env -u LD_PRELOAD bash "$OUT/script"
	run_in shim env LD_PRELOAD="$SHIM" bash "$OUT/script"
	same
}

@test "another C library: whatever of ours it lacks, its programs run as without" {
	command -v musl-gcc >/dev/null || skip "there is no musl-gcc"
	musl-gcc -o "$OUT/other" "$BATS_TEST_DIRNAME/other_libc.c"
	for setting in REGWAIT=on REGWAIT=off REGWAIT_SPIN=50 REGWAIT_LIVE=on REGWAIT_LOG=debug REGWAIT_NONE=1; do
		both env "$setting" "$OUT/other"
		[ "$(<"$OUT/plain.rc")" = 7 ]
		[ ! -e "$OUT/stats" ]
	done
}
