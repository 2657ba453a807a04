#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What strace sees: as many entries into the kernel with the shim as without, not one system
# call more when it is off, and registered waits wherever there can be.

load ../lib/oracle

setup() {
	command -v strace >/dev/null || skip "strace is not installed"
	oracle_need_shim
	# Only numbers are looked at here, so the waits may be short.
	export ORACLE_SLACK=0.5
}

counts() {
	local program
	oracle_prepare "$1"
	# make check has no time for all of them under strace.
	for program in wait region ${ORACLE_SHORT:-signal handler cq ring create raw thread}; do
		oracle_compare oracle_trace "oracle_$program" on poll_off
	done
	[ -z "${ORACLE_SHORT:-}" ] || return 0
	# Without descriptor_reused: a wait on a structure behind whose descriptor there is another
	# ring, one that takes no registered waits, enters twice. What it says is the same.
	ORACLE_ONLY='[!d]*' oracle_compare oracle_trace oracle_life on poll_off
	# Without twenty_children: whose enters are whose is lost where so many run at once.
	ORACLE_ONLY='[!t]*' oracle_compare oracle_trace oracle_fork on poll_off
	ORACLE_JOBS=2 oracle_compare oracle_trace oracle_setup on poll_off
}

# All that the io_uring calls are given, sizes instead of addresses.
arguments() {
	export ORACLE_TRACE=arguments
	oracle_prepare "$1"
	oracle_compare oracle_trace oracle_wait off
	oracle_compare oracle_trace oracle_create off
	oracle_compare oracle_trace oracle_life off
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
		echo "cases like $pattern: of $(grep -c . <<<"$found") calls these are not $wanted: $odd"
		return 1
	fi
}

registered() {
	local log=$BATS_TEST_TMPDIR/log flag='|0x40,64)'
	export ORACLE_TRACE=arguments
	oracle_prepare "$1"

	oracle_trace on oracle_wait 'wait_cqes.*' 'submit_and_wait_timeout.*' >"$log"
	# A limit that can be read and is not zero is registered. (A short submit never waits, and
	# what is ready is not waited for.)
	all_like "$flag" "$log" '/ready0/nr[12]/nothing/(T|1ns|10s|forever|negsec|negnsec|2e9ns)#'
	all_like "$flag" "$log" '^submit.*/ready0/nr[12]/(nop|stuck)/(T|10s)#'
	# Zero asks without waiting for anything.
	all_like ',0,IORING_ENTER_GETEVENTS,[08])' "$log" '^wait_cqes.*/ready0/nr[12]/nothing/zero#'
	# No limit, or one that is nowhere, goes liburing's own way.
	all_like 'IORING_ENTER_GETEVENTS,8)' "$log" '/ready0/nr[12]/nothing/none#'
	all_like 'IORING_ENTER_GETEVENTS|IORING_ENTER_EXT_ARG,24)' "$log" \
		'/ready0/nr[12]/nothing/badptr#'

	oracle_trace poll_off oracle_wait wait_cqes.empty >"$log"
	all_like "$flag" "$log" '/nr[12]/nothing/zero#'
}

# Every kind of ring that can have registered waits has them.
registered_setups() {
	local log=$BATS_TEST_TMPDIR/log kind
	export ORACLE_TRACE=arguments
	oracle_prepare "$1"
	oracle_trace on oracle_setup >"$log"
	for kind in plain sqpoll_awake attached single_issuer defer defer_flag coop cqe32 sqe128 \
		cqsize clamp iopoll_sqpoll enabled_later defer_enabled_later; do
		all_like '|0x40[|,].*64)' "$log" "^$kind/wait_cqes/ready0/nr1/nothing/T#"
	done
	for kind in iopoll iopoll_enabled_later; do
		all_like 'IORING_ENTER_EXT_ARG,24)' "$log" "^$kind/wait_cqes/ready0/nr1/nothing/T#"
	done
}

need_registered_waits() {
	local log=$BATS_TEST_TMPDIR/probe
	ORACLE_TRACE=arguments oracle_trace on oracle_wait constant_timeout >"$log"
	grep -q 0x40 "$log" || [[ $(uname -r | cut -d . -f 1,2 | awk -F . '{ print $1 * 100 + $2 }') -ge 613 ]] ||
		skip "this kernel has no registered waits"
}

@test "numbers of entries: liburing 2.3" { counts 2.3; }
@test "numbers of entries: liburing 2.9" { counts 2.9; }
@test "numbers of entries: liburing 2.15" { counts 2.15; }
@test "off, all arguments are the same: liburing 2.3" { arguments 2.3; }
@test "off, all arguments are the same: liburing 2.15" { arguments 2.15; }
@test "waits are registered: liburing 2.3" { registered 2.3; }
@test "waits are registered: liburing 2.9" { registered 2.9; }
@test "waits are registered: liburing 2.15" { registered 2.15; }
@test "every kind of ring is armed that can be: liburing 2.3" { registered_setups 2.3; }
@test "every kind of ring is armed that can be: liburing 2.15" { registered_setups 2.15; }
