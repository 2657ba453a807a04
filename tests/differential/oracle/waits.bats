#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Every timed wait of liburing says the same with the shim as without it.

load ../../lib/oracle

waits() {
	oracle_prepare "$1"
	oracle_need_shim
	oracle_compare oracle_say oracle_wait on off poll_off over_limit ringfd_off iowait_off \
		iowait_off_over_limit spin spin_over_limit coop
}

@test "waits: liburing 2.3" { waits 2.3; }
# liburing 2.3 has none of these.
@test "waits with a minimum: liburing 2.15" {
	oracle_prepare 2.15
	oracle_need_shim
	ORACLE_ONLY='*.empty.min' oracle_compare oracle_say oracle_wait on
}
# bats test_tags=long
@test "waits: liburing 2.9" { waits 2.9; }
# bats test_tags=long
@test "waits: liburing 2.15" { waits 2.15; }

# bats test_tags=long
@test "waits: the liburing of this system" {
	oracle_prepare system
	oracle_need_shim
	oracle_compare oracle_say oracle_wait on
}
