#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Programs with a liburing inside, whose system call instructions are patched, say the same as without
# the shim, however they were compiled; and their timed waits are registered.

load ../../lib/oracle

setup() {
	"$CLI" sites /bin/true >/dev/null 2>&1 || skip "there is no decoder"
}

# sites FLAVOUR PROGRAM [MODE...]
sites() {
	local flavour=$1 program=$2
	shift 2
	oracle_prepare_inside "$flavour" "$program"
	oracle_need_shim
	oracle_compare oracle_say "$program" sites "$@"
	[[ $program != oracle_wait ]] || registered
}

# registered: each of the waits is, unless the kernel refuses such an argument or there is no timeout. Without a
# limit, an ordinary user's rings are all armed, too.
registered() {
	local stats=$BATS_TEST_TMPDIR/stats
	rm -f "$stats"
	env LD_PRELOAD="$REGWAIT_LIB" REGWAIT_SITES="$ORACLE_BIN/plans" REGWAIT_STATS="$stats" \
		REGWAIT_MAX_RINGS=1000 timeout 300 "$ORACLE_BIN/oracle_wait" 'wait_cqes.*' </dev/null >/dev/null 2>&1
	awk '$1 == "sites.patched" { patched += $2 }
		$1 == "waits.registered" { n += $2 }
		/^waits\.plain/ && !/bad-pointer|no-timeout/ || /^(sites\.left|rings\.plain)/ { plain += $2 }
		END { exit !patched || n < 10 || plain }' "$stats" || { cat "$stats"; return 1; }
}

@test "waits: gcc -O2, with and without iowait" { sites gcc-O2 oracle_wait sites_iowait_off; }
@test "waits: clang -O2" { sites clang-O2 oracle_wait; }
@test "life of a ring: gcc -O3 -mavx2" { sites gcc-avx oracle_life; }

# newer PROGRAM: with a liburing newer than we know.
newer() {
	oracle_prepare 2.15
	oracle_need_shim
	mkdir -p "$BATS_TEST_TMPDIR/plans"
	"$CLI" sites --write "$BATS_TEST_TMPDIR/plans" \
		"$BUILT/integration/sites/liburing-2.99/liburing.so.2" >"$BATS_TEST_TMPDIR/sites"
	oracle_compare oracle_say "$1" sites_newer
}

@test "life of a ring: a liburing newer than we know, by its system calls" { newer oracle_life; }
@test "a ring that was closed unseen, and another of its number: the same liburing" {
	ORACLE_ONLY='closed_hidden*' newer oracle_fd
}
# bats test_tags=long
@test "waits and rings: a liburing newer than we know" {
	local program
	for program in wait ring cq fd fork handler signal thread setup create; do
		newer "oracle_$program"
	done
}

# all FLAVOUR: the programs in which the compiler has most to decide.
all() {
	sites "$1" oracle_wait
	sites "$1" oracle_life
	sites "$1" oracle_ring
}

# bats test_tags=long
@test "gcc -O0" { all gcc-O0; }
# bats test_tags=long
@test "gcc -O1" { all gcc-O1; }
# bats test_tags=long
@test "gcc -O3" { all gcc-O3; }
# bats test_tags=long
@test "gcc -Os" { all gcc-Os; }
# bats test_tags=long
@test "gcc with frame pointers and -fcf-protection" { all gcc-fp; }
# bats test_tags=long
@test "gcc -no-pie" { all gcc-nopie; }
# bats test_tags=long
@test "gcc -pie with the stack protected" { all gcc-pie; }
# bats test_tags=long
@test "gcc -flto" { all gcc-lto; }
# bats test_tags=long
@test "clang -O0" { all clang-O0; }
# bats test_tags=long
@test "clang -O1" { all clang-O1; }
# bats test_tags=long
@test "clang -O3" { all clang-O3; }
# bats test_tags=long
@test "clang -Oz" { all clang-Oz; }
# bats test_tags=long
@test "clang with -fcf-protection" { all clang-cf; }
# bats test_tags=long
@test "clang -flto=thin" { all clang-lto; }

# every PROGRAM...
every() {
	local program
	for program; do
		sites gcc-O2 "oracle_$program"
	done
}

# bats test_tags=long
@test "every program of the oracle: rings" { every create setup ring region fd sqpoll; }
# bats test_tags=long
@test "every program of the oracle: waits, signals, processes" {
	every cq raw signal handler thread fork
}
