#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What strace sees: registered waits wherever there can be, and nothing else at all when it is off.

load ../../lib/oracle

setup() {
	command -v strace >/dev/null || skip "strace is not installed"
	oracle_need_shim
	# Times are not looked at here, so the waits may be short.
	export ORACLE_SLACK=0.5 ORACLE_TRACE=arguments
}

# All that the io_uring calls are given, sizes instead of addresses.
arguments() {
	oracle_prepare "$1"
	oracle_compare oracle_trace oracle_wait off
	oracle_compare oracle_trace oracle_create off
	oracle_compare oracle_trace oracle_life off
}

# Tried with a program of liburing 2.15 that makes registered waits of its own.
need_registered_waits() {
	oracle_prepare 2.15
	"$ORACLE_BIN/oracle_region" textbook </dev/null | grep -q 'region: ret=0' ||
		skip "this kernel has no registered waits"
}

# The calls of some cases that a log of the arguments names: calls FILE KEY-PATTERN
calls() {
	awk -F '\t' -v pattern="$2" '$1 ~ pattern { print $2 }' "$1" |
		grep -o 'enter([^)]*)' || true
}

# All of them must look like that, and there must be some.
all_like() {
	local wanted=$1 file=$2 pattern=$3 found odd
	found=$(calls "$file" "$pattern")
	odd=$(grep -v -e "$wanted" <<<"$found" | sort | uniq -c | head -5) || true
	if [[ ! $found || $odd ]]; then
		echo "cases like $pattern: of $(grep -c . <<<"$found") calls not $wanted: $odd"
		return 1
	fi
}

# Most of them must.
most_like() {
	local wanted=$1 file=$2 pattern=$3 found like
	found=$(calls "$file" "$pattern")
	like=$(grep -c -e "$wanted" <<<"$found") || true
	if ((2 * like <= $(grep -c . <<<"$found"))); then
		echo "cases like $pattern: of $(grep -c . <<<"$found") calls only $like are $wanted"
		return 1
	fi
}

registered() {
	local log=$BATS_TEST_TMPDIR/log flag='|0x40,64)'
	need_registered_waits
	! locks_are_limited ||
		skip "all scenarios at once have more rings than are armed for an ordinary user"
	oracle_prepare "$1"

	oracle_trace on oracle_wait 'wait_cqes.*' 'submit_and_wait_timeout.*' >"$log"
	# A limit that can be read and is not zero is registered. (A short submit never waits, and
	# what is ready is not waited for.)
	all_like "$flag" "$log" '/ready0/nr[12]/nothing/(T|1ns|10s|forever|negsec|negnsec|2e9ns)#'
	# On a busy machine, what is to arrive during the wait may be there before it.
	all_like "$flag"'\|,1,[12],0,[08])' "$log" '^submit.*/ready0/nr[12]/(nop|stuck)/(T|10s)#'
	most_like "$flag" "$log" '^submit.*/ready0/nr[12]/(nop|stuck)/(T|10s)#'
	# Zero asks without waiting for anything.
	all_like ',0,IORING_ENTER_GETEVENTS\(|IORING_ENTER_REGISTERED_RING\)\?,[08])' "$log" \
		'^wait_cqes.*/ready0/nr[12]/nothing/zero#'
	# A wait without a limit, or with one at a bad address, goes liburing's own way.
	all_like 'IORING_ENTER_GETEVENTS,8)' "$log" '/ready0/nr[12]/nothing/none#'
	all_like 'IORING_ENTER_GETEVENTS|IORING_ENTER_EXT_ARG,24)' "$log" \
		'/ready0/nr[12]/nothing/badptr#'

	oracle_trace poll_off oracle_wait wait_cqes.empty >"$log"
	all_like "$flag" "$log" '/nr[12]/nothing/zero#'
}

# Every kind of ring that can have registered waits has them.
registered_setups() {
	local log=$BATS_TEST_TMPDIR/log kind
	need_registered_waits
	oracle_prepare "$1"
	{
		oracle_trace on oracle_setup
		oracle_trace on oracle_sqpoll sqpoll.awake sqpoll.iopoll
	} >"$log"
	for kind in plain attached single_issuer defer defer_flag coop cqe32 sqe128 cqsize clamp \
		enabled_later defer_enabled_later sqpoll.awake sqpoll.iopoll; do
		all_like '|0x40[|,].*64)' "$log" "^$kind/wait_cqes/ready0/nr1/nothing/T#"
	done
	for kind in iopoll iopoll_enabled_later; do
		all_like 'IORING_ENTER_EXT_ARG,24)' "$log" "^$kind/wait_cqes/ready0/nr1/nothing/T#"
	done
}

# Bare enters: by the ring's number, by a copy of it, by an index; and never on another ring.
registered_bare() {
	local log=$BATS_TEST_TMPDIR/log flag='|0x40[|,].*64)'
	need_registered_waits
	oracle_prepare "$1"
	oracle_trace on oracle_fd >"$log"
	all_like "$flag" "$log" '^(closed|ended|copied|indexed|vforked).*/first'
	all_like "$flag" "$log" '^made_again.*/again'
	all_like "$flag" "$log" '^copied.*/copy'
	all_like "$flag" "$log" '^indexed.*/index'
	all_like "$flag" "$log" "^inherited.*/child's own"
	all_like "$flag" "$log" '^not_closed.*/still'
	all_like "$flag" "$log" '^vforked.*/parent'
	all_like 'IORING_ENTER_EXT_ARG,24)' "$log" '^(closed|ended|passed|indexed|copy_closed)[.].*/successor'
	all_like 'IORING_ENTER_EXT_ARG,24)' "$log" '^replaced.*/copy'
	all_like 'IORING_ENTER_EXT_ARG,24)' "$log" '^inherited.*/child nr'
}

# bats test_tags=long
@test "bare enters are registered: liburing 2.3" { registered_bare 2.3; }
@test "bare enters are registered: liburing 2.15" { registered_bare 2.15; }
@test "off, all arguments are the same: liburing 2.3" { arguments 2.3; }
# bats test_tags=long
@test "off, all arguments are the same: liburing 2.15" { arguments 2.15; }
# bats test_tags=long
@test "waits are registered: liburing 2.3" { registered 2.3; }
@test "waits are registered: liburing 2.9" { registered 2.9; }
# bats test_tags=long
@test "waits are registered: liburing 2.15" { registered 2.15; }
# bats test_tags=long
@test "every kind of ring is armed that can be: liburing 2.3" { registered_setups 2.3; }
@test "every kind of ring is armed that can be: liburing 2.15" { registered_setups 2.15; }
