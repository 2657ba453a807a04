#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Task work not yet run, overflown CQs, messages and skipped entries: the same completions.

load ../../lib/oracle

completions() {
	oracle_prepare "$1"
	oracle_need_shim
	oracle_compare oracle_say oracle_cq on off poll_off iowait_off \
		iowait_off_over_limit spin spin_over_limit coop
}

# bats test_tags=long
@test "completions: liburing 2.3" { completions 2.3; }
@test "completions: liburing 2.9" { completions 2.9; }
# bats test_tags=long
@test "completions: liburing 2.15" { completions 2.15; }
