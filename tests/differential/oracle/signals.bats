#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Signals that meet a wait, and handlers that wait or jump away, find the same with the shim.

load ../../lib/oracle

signals() {
	oracle_prepare "$1"
	oracle_need_shim
	oracle_compare oracle_say oracle_signal on off poll_off iowait_off \
		iowait_off_over_limit spin spin_over_limit coop
	oracle_compare oracle_say oracle_handler on off poll_off iowait_off \
		iowait_off_over_limit spin spin_over_limit coop
}

# bats test_tags=long
@test "signals: liburing 2.3" { signals 2.3; }
# bats test_tags=long
@test "signals: liburing 2.9" { signals 2.9; }
@test "signals: liburing 2.15" { signals 2.15; }
