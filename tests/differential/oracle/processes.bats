#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Threads and processes wait, start, fork and end alike with the shim and without.

load ../../lib/oracle

compare() {
	oracle_prepare "$1"
	oracle_need_shim
	oracle_compare oracle_say "$2" on off poll_off ringfd_off iowait_off spin coop
}

@test "threads: liburing 2.3" { compare 2.3 oracle_thread; }
# bats test_tags=long
@test "threads: liburing 2.9" { compare 2.9 oracle_thread; }
# bats test_tags=long
@test "threads: liburing 2.15" { compare 2.15 oracle_thread; }
# bats test_tags=long
@test "processes: liburing 2.3" { compare 2.3 oracle_fork; }
@test "processes: liburing 2.9" { compare 2.9 oracle_fork; }
# bats test_tags=long
@test "processes: liburing 2.15" { compare 2.15 oracle_fork; }
