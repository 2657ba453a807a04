#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# REGWAIT_RETURN: measured once, within bounds, and a refill happens where it is asked for.

load ../../lib/integration

setup() {
	programs_setup
	need_registered_waits
	[ "$(uname -m)" = x86_64 ] || skip "this is for x86-64 only"
}

# How often the shim's function was called, by gdb.
refills() {
	need_tool gdb
	gdb -q -batch -ex "set environment LD_PRELOAD $SHIM" -ex 'set startup-with-shell off' \
		-ex 'break main' -ex run -ex 'break return_refill' -ex 'ignore 2 100000' \
		-ex continue -ex 'info breakpoints' --args "$@" >"$OUT/gdb" 2>/dev/null </dev/null
	grep -q 'exited normally' "$OUT/gdb" || skip "gdb cannot start programs here"
	awk '/^2 / { on = 1 } on && /already hit/ { n = $4 } END { print n + 0 }' "$OUT/gdb"
}

# Runs a program until its measurement was not disturbed: a busy machine may take away the time.
measured() {
	local try
	for try in {1..30}; do
		REGWAIT_LOG=info shim "$@"
		(($(count return.plain-ns) > 0 && $(count return.refill-ns) > 0)) && return
	done
	skip "disturbed $try times, or a system call takes too long here to measure in 100 us"
}

@test "auto: measured once in a process, and told" {
	plain "$BIN/common/rings" init 3
	measured "$BIN/common/rings" init 3
	[ "$(grep -c 'waits return .* ns plain, .* with a refill' "$OUT/shim.err")" = 1 ]
	diff "$OUT/plain.out" "$OUT/shim.out"
	grep -E '^return.chosen (plain|refill)$' "$OUT/stats"
}

@test "auto: a machine on which it gains nothing stays plain" {
	measured "$BIN/common/rings" init 1
	(($(count return.refill-ns) * 10 >= $(count return.plain-ns) * 9)) ||
		skip "returns are dear on this machine"
	grep -qx 'return.chosen plain' "$OUT/stats"
}

@test "the measurement ends after 100 us, though system calls be slow" {
	need_tool strace
	strace -f -qq -o "$OUT/trace" -e trace=rt_sigprocmask -E LD_PRELOAD="$SHIM" \
		-E REGWAIT_STATS="$OUT/stats" "$BIN/common/rings" init 1 >/dev/null
	# All of it would be 320 calls.
	[ "$(wc -l <"$OUT/trace")" -lt 100 ]
	grep -c 'NULL, NULL, 8' "$OUT/trace"
	counts return.plain-ns 0
}

@test "plain: nothing is measured" {
	REGWAIT_RETURN=plain shim "$BIN/common/rings" init 1
	none '^return' "$OUT/stats"
	[ "$(REGWAIT_RETURN=plain refills "$BIN/common/rings" init 1)" = 0 ]
}

@test "no ring, or none armed: nothing is measured" {
	shim true
	none '^return' "$OUT/stats"
	for how in REGWAIT=off REGWAIT=observe REGWAIT_MAX_RINGS=0; do
		shim env $how "$BIN/common/rings" init 1
		none '^return' "$OUT/stats"
	done
}

@test "refill: after each wait that enters, and the answers are the same" {
	export REGWAIT_RETURN=refill
	both "$BIN/common/rings" init 2
	grep -qx 'return.chosen refill' "$OUT/stats"
	counts waits.registered 4 waits.polled 2 waits.answered 2
	# Three waits of each ring enter. The measurement is over soon: gdb takes its time.
	[ "$(refills "$BIN/common/rings" init 40)" -ge 120 ]
	[ "$(REGWAIT_RETURN=auto refills "$BIN/common/rings" init 40)" -lt 100 ] ||
		grep -qx 'return.chosen refill' "$OUT/stats"
}

@test "refill: a forked child's rings as well, by what its parent measured" {
	REGWAIT_RETURN=refill both "$BIN/common/family" fork-own
	[ "$(grep -cx 'return.chosen refill' "$OUT/stats")" = 2 ]
	[ "$(awk '/^return.plain-ns/ { print $2 }' "$OUT/stats" | sort -u | wc -l)" = 1 ]
}
