#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Children of every kind, with rings that they inherit and rings of their own.

load ../../lib/integration

setup() {
	programs_setup
	need_registered_waits
}

# The counts of the process whose block is the Nth in the file; a child's comes before its parent's.
of_process() {
	local n=$1
	shift
	awk -v n="$n" '$1 == "regwait.version" { i++ } i == n' "$OUT/stats" >"$OUT/stats.$n"
	STATS_FILE=$OUT/stats.$n only_counts "$@"
}

parents="rings.seen 1 rings.armed 1 waits.registered 3"

@test "fork: the child waits on the inherited ring, plain and in time" {
	both "$BIN/common/family" fork
	of_process 1 waits.plain.inherited 5 waits.plain.no-timeout 1
	# shellcheck disable=SC2086 # a list
	of_process 2 $parents
}

@test "fork: the child's own ring is armed, and the inherited one is still plain" {
	both "$BIN/common/family" fork-own
	of_process 1 rings.seen 1 rings.armed 1 waits.registered 3 waits.answered 1 waits.polled 1 \
		waits.plain.inherited 5 waits.plain.no-timeout 2
	# shellcheck disable=SC2086
	of_process 2 $parents
}

@test "fork: the child ends the inherited ring, the parent's lives on" {
	both "$BIN/common/family" fork-end
	of_process 1 rings.seen 1 rings.armed 1 waits.registered 3 waits.answered 1 waits.polled 1 \
		waits.plain.inherited 1 waits.plain.no-timeout 1
	# shellcheck disable=SC2086
	of_process 2 $parents
}

@test "clone by system call: what no atfork handler sees" {
	both "$BIN/common/family" clone
	of_process 1 rings.seen 1 rings.armed 1 waits.registered 3 waits.answered 1 waits.polled 1 \
		waits.plain.inherited 5 waits.plain.no-timeout 2
	# shellcheck disable=SC2086
	of_process 2 $parents
}

@test "a grandchild" {
	both "$BIN/common/family" grandchild
	for process in 1 2; do
		of_process $process rings.seen 1 rings.armed 1 waits.registered 3 waits.answered 1 \
			waits.polled 1 waits.plain.inherited 2 waits.plain.no-timeout 1
	done
	# shellcheck disable=SC2086
	of_process 3 $parents
}

@test "parent and child wait at the same time, each as long as it asked" {
	both "$BIN/common/family" together
	of_process 1 waits.plain.inherited 20
	of_process 2 rings.seen 1 rings.armed 1 waits.registered 3
}

@test "a thread forks while another waits" {
	both "$BIN/common/family" threads
	of_process 1 rings.seen 1 rings.armed 1 waits.registered 3 waits.answered 1 waits.polled 1 \
		waits.plain.inherited 2 waits.plain.no-timeout 1
	of_process 2 rings.seen 2 rings.armed 2 waits.registered 5 waits.answered 1 waits.polled 1 \
		waits.plain.no-timeout 1
}

@test "vfork and exec" {
	both "$BIN/common/family" vfork
	of_process 1 rings.seen 1 rings.armed 1 waits.registered 2 waits.answered 1 waits.polled 1 \
		waits.plain.no-timeout 1
	of_process 2 rings.seen 1 rings.armed 1 waits.registered 2
}

@test "posix_spawn" {
	both "$BIN/common/family" spawn
	of_process 1 rings.seen 1 rings.armed 1 waits.registered 2 waits.answered 1 waits.polled 1 \
		waits.plain.no-timeout 1
	of_process 2 rings.seen 1 rings.armed 1 waits.registered 2
}

@test "a descriptor that was passed on to another process" {
	both "$BIN/common/family" passed-on
	of_process 1 rings.seen 1 rings.armed 1 waits.registered 1
	of_process 2 waits.plain.inherited 5 waits.plain.no-timeout 1
}
