#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2034,SC2154 # lib/integration.bash reads and sets these
# Every call of the shim to the C library fails, one at a time, and all from one on: the program is
# the same as without the shim.

load ../../lib/integration

setup() {
	programs_setup
	need_registered_waits
	BEHIND=$TOOLS/fail.so
}

# How many calls of each function the shim makes for a program: lines of a name and a number.
calls_of() {
	rm -f "$OUT/calls"
	FAIL_COUNTS=$OUT/calls shim "$@"
	same
	awk '{ n[$1] = n[$1] < $2 ? $2 : n[$1] } END { for (i in n) print i, n[i] }' "$OUT/calls" \
		>"$OUT/calls.max"
}

# fail_each FUNCTIONS PROGRAM...: each call of these, for this program, and all calls from it on.
fail_each() {
	local only=$1 name number n fault bad=0 tried=0
	shift
	plain "$@"
	calls_of "$@"
	while read -r name number; do
		[[ " $only " == *" $name "* ]] || continue
		for ((n = 1; n <= number && n <= 60; n++)); do
			for fault in "$name:$n" "$name:$n+"; do
				# Without a way to look up symbols the shim can do nothing.
				[[ $fault != dl*+ ]] || continue
				FAIL=$fault shim "$@"
				tried=$((tried + 1))
				same >"$OUT/differs" && continue
				echo "FAIL=$fault:"
				((++bad > 3)) ||
					grep -E '^[-+][^-+]' "$OUT/differs" | cut -c1-90 | head -n 6
			done
		done
	done <"$OUT/calls.max"
	echo "$tried faults tried, $bad seen by the program"
	((tried > 0 && bad == 0))
}

memory="mmap madvise calloc malloc"
threads="pthread_mutex_init pthread_mutex_trylock"
questions="fstat readlink getrlimit clock_gettime"

@test "memory: rings of every creation" {
	for how in init setup disabled; do
		fail_each "$memory" "$BIN/common/rings" $how 2
	done
}

@test "memory: threads and forked children" {
	fail_each "$memory" "$BIN/common/threads" same-ring 3
	fail_each "$memory" "$BIN/common/family" fork-own
}

@test "memory: where a child would not find it empty, nothing is registered" {
	local how
	for how in "$BIN/common/rings init 2" "$BIN/common/threads same-ring 3" \
		"$BIN/common/family fork-own"; do
		# shellcheck disable=SC2086 # words
		plain $how
		# shellcheck disable=SC2086 # words
		FAIL=madvise:1 shim $how
		same
		# Without it there are no counts, and the block says so.
		grep -qx 'rings.seen 0' "$OUT/stats"
		only_counts
	done
}

@test "threads: no mutex by which places are owned" {
	fail_each "$threads" "$BIN/common/threads" same-ring 3
}

@test "threads: slots need no key" {
	local fault
	plain "$BIN/common/threads" same-ring 3
	for fault in pthread_key_create:1+ pthread_setspecific:1+; do
		FAIL=$fault shim "$BIN/common/threads" same-ring 3
		same
		only_counts rings.seen 1 rings.armed 1 waits.registered 12
	done
}

@test "questions about limits, users and descriptors" {
	for how in init setup disabled; do
		fail_each "$questions" "$BIN/common/rings" $how 2
	done
	fail_each "$questions" "$BIN/rings/moved" bare
}

@test "finding symbols: one failure at a time" {
	fail_each "dlsym dlopen" "$BIN/common/rings" init 1
}
