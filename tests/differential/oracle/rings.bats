#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# How rings are made, held, copied, closed and reused; their regions, and bare system calls.

load ../../lib/oracle

compare() {
	oracle_prepare "$1"
	oracle_need_shim
	oracle_compare oracle_say "$2" on off poll_off ringfd_off iowait_off spin coop
}

# bats test_tags=long
@test "ring: liburing 2.3" { compare 2.3 oracle_ring; }
# bats test_tags=long
@test "life: liburing 2.3" { compare 2.3 oracle_life; }
@test "create: liburing 2.3" { compare 2.3 oracle_create; }
# bats test_tags=long
@test "region: liburing 2.3" { compare 2.3 oracle_region; }
# bats test_tags=long
@test "raw: liburing 2.3" { compare 2.3 oracle_raw; }
@test "numbers: liburing 2.3" { compare 2.3 oracle_fd; }

@test "ring: liburing 2.9" { compare 2.9 oracle_ring; }
# bats test_tags=long
@test "life: liburing 2.9" { compare 2.9 oracle_life; }
# bats test_tags=long
@test "create: liburing 2.9" { compare 2.9 oracle_create; }
# bats test_tags=long
@test "region: liburing 2.9" { compare 2.9 oracle_region; }
@test "raw: liburing 2.9" { compare 2.9 oracle_raw; }

# bats test_tags=long
@test "ring: liburing 2.15" { compare 2.15 oracle_ring; }
@test "life: liburing 2.15" { compare 2.15 oracle_life; }
# bats test_tags=long
@test "create: liburing 2.15" { compare 2.15 oracle_create; }
@test "region: liburing 2.15" { compare 2.15 oracle_region; }
# bats test_tags=long
@test "raw: liburing 2.15" { compare 2.15 oracle_raw; }
# bats test_tags=long
@test "numbers: liburing 2.15" { compare 2.15 oracle_fd; }
