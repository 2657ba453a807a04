#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Signal handlers at every moment of what the library does: executed step by step, and in each run
# of the part an instruction later (programs/interrupt.c).

load ../../lib/ways

setup() {
	ways_setup robust
	needs_rings
	LIMIT=300
	# How many parts there were, standard error tells.
	PARTS='out rc'
	# Each way takes seconds; with off, hardly anything is executed: see the last test.
	WAYS=with
}

# interrupted OURS OTHERS PROGRAM ARGUMENT...: at each OURS-th instruction of the library, and each
# OTHERS-th of all others.
interrupted() {
	RUN=("$BIN/interrupt" libregwait.so "$1" "$2")
	all_ways "$BIN/$3" "${@:4}"
}

# was_interrupted TIMES: in the last run with the preload.
was_interrupted() {
	local parts
	parts=$(sed -n 's/^\([0-9]*\) parts.*/\1/p' "$OUT/with.err")
	((parts > $1)) || { echo "only $parts parts: was it interrupted at all?"; return 1; }
}

# thread_ends HOW WHERE...
thread_ends() {
	local how=$1 where
	shift
	for where; do
		interrupted 1 211 thread_end "$where" "$how"
		[[ $WAYS == off ]] || was_interrupted 2
	done
}

@test "a handler waits while its thread ends: by returning" {
	thread_ends wait return
}

@test "a handler waits while its thread ends: by pthread_exit, by cancellation" {
	thread_ends wait exit cancel
}

@test "a handler waits by other ways while its thread ends" {
	thread_ends submit return
	thread_ends enter2 return
	thread_ends syscall return
}

@test "a handler waits in a thread-specific destructor, of a key before ours and after" {
	thread_ends wait destructor late
}

@test "a handler waits between destructors that wait themselves" {
	thread_ends wait again
}

@test "a handler waits in its thread's first wait" {
	interrupted 17 211 thread_end first wait
	interrupted 37 211 thread_end first syscall
}

# during OURS OTHERS HANDLER OPERATION...
during() {
	local ours=$1 others=$2 handler=$3 operation
	shift 3
	for operation; do
		echo "$operation, $handler"
		interrupted "$ours" "$others" interrupted "$operation" "$handler"
	done
}

@test "a handler enters another ring while a ring is made" {
	during 97 211 enter init setup-libc
}

@test "a handler waits while a ring is made" {
	during 97 97 wait init
	was_interrupted 4
	during 97 211 wait setup-libc
}

@test "a handler makes a ring and ends it while a ring is made" {
	during 97 211 ring init
	during 31 61 ring setup
	during 97 211 close init
}

@test "a handler makes a ring while one is made by libc's syscall" {
	during 23 61 ring setup-libc
	during 23 127 ring enable-libc
}

@test "a handler makes a ring while one is ended or changed" {
	during 29 127 ring exit exit-index close close-libc index unindex enable probe
}

@test "siglongjmp out of the making of a ring, liburing's functions" {
	during 97 211 jump init init-single params setup
}

@test "siglongjmp out of the making of a ring by libc's syscall" {
	during 61 211 jump setup-libc
	during 61 211 thread setup-libc
}

@test "siglongjmp out of the making of a ring; another thread makes one" {
	during 97 211 thread init params setup
}

@test "siglongjmp out of the end of a ring; another thread makes one" {
	during 11 127 thread exit
	during 11 127 thread exit-index
}

@test "siglongjmp out of close, dup2, dup3, close_range, closefrom; another thread makes a ring" {
	during 11 127 thread close
	during 11 127 thread dup2 dup3
	during 11 127 thread range from
	during 11 127 thread close-libc
	during 11 127 thread close-other
}

@test "siglongjmp out of what is registered with a ring; another thread makes one" {
	during 11 127 thread index
	during 11 127 thread unindex
	during 29 127 thread enable enable-libc
	during 11 127 thread probe
}

@test "siglongjmp out of a wait; another thread makes a ring" {
	during 11 127 thread wait
}

@test "the same with REGWAIT=off" {
	WAYS=off
	thread_ends wait return
	during 97 211 ring init setup-libc
	during 11 127 thread init setup-libc close exit index
}
