#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The oracle itself: it is steady when nothing differs, and it notices each kind of fault.

load ../../lib/oracle

setup() {
	oracle_prepare 2.3 || oracle_prepare system
}

# Compares with a preload that is wrong each time.
caught() {
	local how=$1 status=0
	export ORACLE_ONLY=$2 MUTANT=$3
	oracle_compare "$how" oracle_wait mutant >"$BATS_TEST_TMPDIR/told" || status=$?
	cat "$BATS_TEST_TMPDIR/told"
	((status)) && grep -q "$ORACLE_ONLY differs with" "$BATS_TEST_TMPDIR/told"
}

@test "two runs without anything agree" {
	oracle_compare oracle_say oracle_wait plain
}

@test "a preload without a fault passes" {
	MUTANT='' ORACLE_ONLY=wait_cqe_timeout.empty oracle_compare oracle_say oracle_wait mutant
}

@test "another return value is noticed" { caught oracle_say wait_cqe_timeout.empty ret; }
@test "a changed errno is noticed" { caught oracle_say wait_cqe_timeout.empty errno; }
@test "a missing completion is noticed" { caught oracle_say wait_cqe_timeout.ready cqe; }
@test "a wait of twice the time is noticed" { caught oracle_say wait_cqe_timeout.empty late; }

@test "one more system call is noticed" {
	command -v strace >/dev/null || skip "strace is not installed"
	caught oracle_trace wait_cqe_timeout.ready enter
}

@test "a program that says nothing is noticed" {
	run env ORACLE_SLACK=nonsense bash -c '
		. "$1"
		ORACLE_BIN=$2 oracle_compare oracle_say oracle_wait plain' - \
		"$TOP/tests/lib/oracle.bash" "$ORACLE_BIN"
	echo "$output"
	((status)) && [[ $output == *"says nothing"* ]]
}

@test "a scenario that crashes or is missing is noticed" {
	local dir=$BATS_TEST_TMPDIR
	printf 'a/x: 1\na/y: 2\n' | oracle_key >"$dir/plain"
	printf 'a/x: 1\n' | oracle_key >"$dir/less"
	printf 'a/x: 1\na/y: 2\na: ended by SIGSEGV\n' | oracle_key >"$dir/more"
	[[ $(oracle_differ "$dir/less" "$dir/plain" "$dir/plain") == $'a\ta/y#1\t(nothing)\t2' ]]
	[[ $(oracle_differ "$dir/more" "$dir/plain" "$dir/plain") == a$'\t'*SIGSEGV* ]]
	[[ ! $(oracle_differ "$dir/plain" "$dir/plain" "$dir/plain") ]]
}
