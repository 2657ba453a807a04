#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The same functions from liburing-ffi.so.2, the library that other languages bind to.

load ../../lib/oracle

compare() {
	oracle_prepare "$1"
	oracle_need_shim
	ldd "$ORACLE_BIN/$2" | grep -q liburing-ffi
	oracle_compare oracle_say "$2" on iowait_off spin
}

# bats test_tags=long
@test "waits: liburing-ffi 2.9" { compare 2.9-ffi oracle_wait; }
# bats test_tags=long
@test "rings: liburing-ffi 2.9" { compare 2.9-ffi oracle_create; }
@test "numbers: liburing-ffi 2.9" { compare 2.9-ffi oracle_fd; }

# bats test_tags=long
@test "waits: liburing-ffi 2.15" { compare 2.15-ffi oracle_wait; }
@test "regions: liburing-ffi 2.15" { compare 2.15-ffi oracle_region; }
# bats test_tags=long
@test "raw: liburing-ffi 2.15" { compare 2.15-ffi oracle_raw; }
