#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Threads that neither libc nor we see being made, and threads with a descriptor table of their own.

load ../../lib/ways

setup() {
	ways_setup robust
	needs_rings
}

@test "a program of one thread ends its ring in a SIGEV_THREAD notification: timer_create" {
	all_ways "$BIN/threads_behind" timer
}

@test "a program of one thread ends its ring in a SIGEV_THREAD notification: mq_notify" {
	all_ways "$BIN/threads_behind" mqueue
}

@test "a program of one thread ends its ring in a SIGEV_THREAD notification: getaddrinfo_a" {
	all_ways "$BIN/threads_behind" lookup
}

@test "a program of one thread ends its ring in a thread made by clone" {
	all_ways "$BIN/threads_behind" clone
}

@test "a program of one thread ends its ring in a thread that it makes, or by itself" {
	local how
	for how in pthread thrd callback; do
		all_ways "$BIN/threads_behind" $how
	done
}

@test "a program of one thread has its ring closed by a process that shares its descriptors" {
	all_ways "$BIN/threads_behind" shares
	all_ways "$BIN/threads_behind" vfork
}

@test "two descriptor tables, one number: each ring waits as it is" {
	local way kind
	for way in liburing enter2 syscall; do
		for kind in plain iopoll disabled single; do
			all_ways "$BIN/two_tables" $way $kind
		done
	done
}

@test "two descriptor tables, one number: a ring that is entered by an index of ours ends" {
	all_ways "$BIN/two_tables" liburing plain
	all_ways "$BIN/two_tables" liburing single
}

@test "two descriptor tables, one number: a ring with a region of its own beside one of ours" {
	all_ways "$BIN/same_number" enter2
	all_ways "$BIN/same_number" syscall
}

# checked CC SANITIZER
checked() {
	need_tool "$1"
	"$1" -std=gnu11 -D_GNU_SOURCE -O1 -g -w "-fsanitize=$2" -I"$TOP/tests/lib/include" \
		-o "$OUT/checked" "$TOP/tests/integration/robust/programs/checked.c" -luring -lpthread ||
		skip "no $2 sanitizer of $1 here"
	"$OUT/checked" >"$OUT/checked.out" 2>&1 || skip "it does not run here: $(head -n 2 "$OUT/checked.out")"
	PARTS='out err rc' all_ways "$OUT/checked"
}

@test "ThreadSanitizer, which does not see us lock, reports nothing of ours: gcc's" {
	checked gcc thread
}

@test "ThreadSanitizer, which does not see us lock, reports nothing of ours: clang's" {
	checked clang thread
}
