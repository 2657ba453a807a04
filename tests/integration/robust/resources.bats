#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Resources that are scarce or that the program counts: memory, stack, locked memory, file size,
# keys, descriptors.

load ../../lib/ways

setup() {
	ways_setup robust
	needs_rings
}

@test "no function asks for memory: in the program, in threads, in handlers, in children" {
	all_ways "$BIN/allocates"
}

@test "exit in a thread with the least stack there is" {
	all_ways "$BIN/small_stack" exit thread 16384
	all_ways "$BIN/small_stack" exit thread 16384 waits
}

@test "exit in a thread with little stack, with statistics" {
	SETTINGS=(REGWAIT_STATS="$OUT/stats")
	all_ways "$BIN/small_stack" exit thread 16384 waits
}

@test "exit on a small alternate stack" {
	local size
	for size in 8192 10240 12288 16384; do
		without "$BIN/small_stack" exit signal $size waits
		# What the program itself cannot do.
		((rc == 0)) || continue
		all_ways "$BIN/small_stack" exit signal $size
		all_ways "$BIN/small_stack" exit signal $size waits
	done
}

@test "rings, waits and closes in a thread and on an alternate stack of little size" {
	local what
	for what in init wait close setup; do
		all_ways "$BIN/small_stack" $what thread 16384
		without "$BIN/small_stack" $what signal 8192 waits
		((rc == 0)) || continue
		all_ways "$BIN/small_stack" $what signal 8192 waits
	done
}

# deeper MORE FUNCTION...: no more than that much deeper than without the preload.
deeper() {
	local more=$1 function way plain bad=0
	shift
	SETTINGS=(LD_BIND_NOW=1)
	for function; do
		one_way without env LD_BIND_NOW=1 "$BIN/stack_depth" "$function"
		plain=$(<"$OUT/without.out")
		for way in off with; do
			one_way $way "$BIN/stack_depth" "$function"
			((rc == 0 && $(<"$OUT/$way.out") <= plain + more)) && continue
			echo "$function, $way: $(<"$OUT/$way.out") bytes of stack, without $plain"
			bad=1
		done
	done
	return $bad
}

@test "the making of a ring takes at most 1 KiB of stack more than liburing" {
	deeper 1024 init setup setup-libc
}

@test "a wait takes at most 512 bytes of stack more than liburing" {
	deeper 512 wait submit untimed enter2 enter-libc
}

@test "the end of a ring, close and the registration take at most 1 KiB of stack more" {
	deeper 1024 exit close index
}

@test "no function of the library takes more than 1 KiB of stack" {
	local b=$OUT/build
	make -s -j2 -C "$TOP" CC=gcc CFLAGS='-O2 -fstack-usage' B="$b" "$b/libregwait.so"
	find "$b" -name '*.su' -exec cat {} + >"$OUT/su"
	(($(wc -l <"$OUT/su") > 100)) || { echo "where are they?"; cat "$OUT/su"; return 1; }
	awk -F '\t' '$2 > 1024 || $3 ~ /dynamic/ && $3 !~ /bounded/ { print; bad = 1 }
		END { exit bad }' "$OUT/su"
}

# Of a program whose outputs are no files.
@test "RLIMIT_FSIZE: a page, or statistics, for which the limit leaves no room" {
	local bytes
	need_tool prlimit
	for bytes in 0 4096 8192; do
		RUN=(prlimit --fsize=$bytes)
		SETTINGS=(REGWAIT_LIVE=on)
		unwritten "$BIN/bad_enter" enter2
		SETTINGS=(REGWAIT_LIVE=on REGWAIT_RUN=4711)
		unwritten "$BIN/bad_enter" enter2
		SETTINGS=(REGWAIT_STATS="$OUT/stats-%p")
		unwritten "$BIN/bad_enter" enter2
	done
}

unwritten() {
	# shellcheck disable=SC2016 # for the shell that is run
	all_ways sh -c 'exec >/dev/null 2>&1; exec "$@"' sh "$@"
}

@test "locked memory is a user's: 32 processes of one user with 31 rings each" {
	need_root
	invent_user
	RUN=(prlimit --memlock=8388608 setpriv "--reuid=$AS_UID" --regid=65534
		--clear-groups --bounding-set=-all)
	in_the_open "$BIN/memlock"
	all_ways "$OPEN/memlock" share 32 31
}

@test "locked memory: root that gives up its capabilities and keeps its id" {
	need_root
	need_tool flock
	# What root has locked is one number on the whole machine, and another check may run there.
	exec {alone}</
	flock "$alone"
	RUN=(prlimit --memlock=8388608)
	all_ways "$BIN/memlock" drop 1000
}

@test "locked memory: a limit that is lowered after the first ring" {
	need_root
	invent_user
	RUN=(prlimit --memlock=8388608 setpriv "--reuid=$AS_UID" --regid=65534
		--clear-groups --bounding-set=-all)
	in_the_open "$BIN/memlock"
	all_ways "$OPEN/memlock" lower 490
}

@test "a chain of forks keeps nothing of the generations before" {
	PARTS='out rc'
	all_ways "$BIN/generations" 50
	all_ways "$BIN/generations" 50 raw
}

@test "a library that was loaded and unloaded leaves no liburing behind, and keys are all there" {
	local names=$BUILT/integration/names
	all_ways "$BIN/unloads"
	all_ways "$BIN/unloads" "$names"/engine{,-renamed,-builtin}.so
	all_ways "$BIN/unloads" "$names/engine.so" "$names/engine.so"
}

@test "a standard error that was closed at the start: its number belongs to the program" {
	local settings file=$OUT/data
	for settings in REGWAIT_NO_SUCH=1 REGWAIT=perhaps REGWAIT_LOG=debug REGWAIT_STATS=1; do
		SETTINGS=("$settings")
		for way in without off with; do
			# shellcheck disable=SC2016 # for the shell that is run
			one_way $way sh -c 'exec 2>&-; exec "$@"' sh "$BIN/data_file" "$file"
			mv "$file" "$OUT/$way.err"
		done
		as_without off
		as_without with
	done
}
