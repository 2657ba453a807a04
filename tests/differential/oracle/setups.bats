#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Rings of every kind answer the same questions alike with the shim and without.

load ../../lib/oracle

setups() {
	oracle_prepare "$1"
	oracle_need_shim
	oracle_compare oracle_say oracle_setup on off poll_off over_limit ringfd_off iowait_off \
		iowait_off_over_limit spin spin_over_limit coop
}

sqpoll() {
	oracle_prepare "$1"
	oracle_need_shim
	# Threads that poll an SQ take a processor each.
	ORACLE_JOBS=2 oracle_compare oracle_say oracle_sqpoll on off poll_off iowait_off spin
}

# bats test_tags=long
@test "setups: liburing 2.3" { setups 2.3; }
# bats test_tags=long
@test "setups: liburing 2.9" { setups 2.9; }
@test "setups: liburing 2.15" { setups 2.15; }
@test "setups with SQPOLL: liburing 2.3" { sqpoll 2.3; }
# bats test_tags=long
@test "setups with SQPOLL: liburing 2.9" { sqpoll 2.9; }
# bats test_tags=long
@test "setups with SQPOLL: liburing 2.15" { sqpoll 2.15; }
