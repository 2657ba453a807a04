#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What is not registered costs what it costs without the preload: an instruction guard for each row
# of ./limits; of a forked child's first ring and wait, where page faults cost more than
# instructions, the page faults.

row() {
	local status=0
	"$BATS_TEST_DIRNAME/instructions" "$@" || status=$?
	[[ $status != 77 ]] || skip "instructions cannot be counted here, or no ring be made"
	return $status
}

@test "a wait without a timeout, of the first thread and of one without a slot" {
	row 'untimed' 'untimed-thread'
}

@test "a completion that is ready, no timeout" {
	row 'ready' 'ready-thread'
}

@test "an untimed enter by libc's syscall, by io_uring_enter, by io_uring_enter2" {
	row 'untimed-syscall' 'untimed-enter' 'untimed-enter2'
}

@test "a timed wait on a plain ring: over the limit, IOPOLL, by each way of entering" {
	row 'plain' 'plain-*' 'iopoll'
}

@test "a timed wait of a thread for which there is no slot" {
	row 'no-slot'
}

@test "a timed wait by index on a ring that is not armed, one of a hundred" {
	row 'index' 'index-*'
}

@test "a wait on an inherited ring in a forked child" {
	row 'inherited'
}

@test "a wait after another was left by siglongjmp" {
	row 'jumped'
}

@test "a wait of a process that was switched off by regwait set" {
	row 'switched-off'
}

# faults WAY: of a child's first ring and wait; where the loader puts things varies from run to run.
faults() {
	local way=$1 set i
	settings "$way"
	for ((i = 0; i < 10; i++)); do
		env "${set[@]}" "$programs/rows" first-in-child faults 5
	done | awk '{ sum += $1 } END { print sum / NR }'
}

@test "a forked child's first ring and wait have at most three page faults more" {
	local without with off
	# shellcheck source=tests/integration/unregistered/lib.sh
	. "$BATS_TEST_DIRNAME/lib.sh"
	(need_rows) || skip "no ring can be made here"
	without=$(faults without)
	off=$(faults off)
	with=$(faults with)
	echo "without $without, off $off, with $with"
	awk -v w="$without" -v o="$off" -v s="$with" 'BEGIN { exit !(s - w <= 3 && o - w <= 2.5) }'
}
