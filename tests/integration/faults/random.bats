#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2034,SC2154 # lib/integration.bash reads and sets these
# Files that cannot be written, and calls of the shim that fail at random, by a seed.

load ../../lib/integration

setup() {
	programs_setup
	need_registered_waits
	BEHIND=$TOOLS/fail.so
}

@test "each call that writes statistics or shows them to others" {
	plain "$BIN/common/rings" init 1
	for live in off on; do
		for name in open openat write mkdir posix_fallocate renameat; do
			for n in 1 2; do
				REGWAIT_LIVE=$live FAIL=$name:$n shim "$BIN/common/rings" init 1
				diff "$OUT/plain.out" "$OUT/shim.out"
				diff "$OUT/plain.rc" "$OUT/shim.rc"
			done
		done
	done
}

at_random() {
	local seeds=$1 seed
	shift
	plain "$@"
	for ((seed = ${SEED:-1}; seed < ${SEED:-1} + seeds; seed++)); do
		REGWAIT_STATS="" FAIL=random:$seed:3 shim "$@"
		same >"$OUT/differs" && continue
		echo "FAIL=random:$seed:3"
		cut -c1-90 "$OUT/differs" | head -n 20
		return 1
	done
}

@test "rings and waits" {
	at_random 60 "$BIN/common/rings" init 3
	at_random 30 "$BIN/common/rings" disabled 3
}

@test "a forked child" {
	at_random 25 "$BIN/common/family" fork-own
}

@test "threads" {
	at_random 25 "$BIN/common/threads" same-ring 4
}

@test "rings that are closed by hand" {
	at_random 25 "$BIN/rings/churn" bare 20
}
