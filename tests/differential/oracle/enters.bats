#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What strace sees: as many entries into the kernel with the shim as without, case by case.

load ../../lib/oracle

setup() {
	command -v strace >/dev/null || skip "strace is not installed"
	oracle_need_shim
	# Only numbers are looked at here, so the waits may be short.
	export ORACLE_SLACK=0.5
}

counts() {
	local program
	oracle_prepare "$1"
	shift
	for program; do
		oracle_compare oracle_trace "oracle_$program" on poll_off iowait_off
	done
}

all_counts() {
	counts "$1" wait region signal handler setup cq ring create raw thread
	# Without descriptor_reused: a wait on a structure behind whose descriptor there is another
	# ring, one that takes no registered waits, enters twice. What it says is the same.
	ORACLE_ONLY='[!d]*' oracle_compare oracle_trace oracle_life on poll_off
	# Without twenty_children: with so many at once, enters cannot be attributed.
	ORACLE_ONLY='[!t]*' oracle_compare oracle_trace oracle_fork on poll_off
	ORACLE_JOBS=2 oracle_compare oracle_trace oracle_sqpoll on poll_off
}

@test "numbers of entries, the waits': liburing 2.9" { counts 2.9 wait; }
@test "numbers of entries, regions' and completions': liburing 2.15" { counts 2.15 region cq; }
# bats test_tags=long
@test "numbers of entries: liburing 2.3" { all_counts 2.3; }
# bats test_tags=long
@test "numbers of entries: liburing 2.9" { all_counts 2.9; }
# bats test_tags=long
@test "numbers of entries: liburing 2.15" { all_counts 2.15; }
