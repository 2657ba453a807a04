#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Processes of the same number in different namespaces have statistics of their own.

load ../../lib/ways

setup() {
	ways_setup statistics
	needs_rings
	need_root
	unshare -pf --mount-proc true 2>/dev/null || skip "no namespaces may be made here"
	"$BUILT/integration/common/can_register" || skip "no registered waits here"
}

teardown() {
	touch "$OUT/over"
	wait
}

# in_namespace N: a server with N waits, the second process of a namespace; and, when $OUT/look is
# there, what regwait stat says of it in that namespace.
in_namespace() {
	# shellcheck disable=SC2016 # for the shell that is run
	unshare -pf --mount-proc sh -c '
		LD_PRELOAD=$1 REGWAIT_LIVE=on "$2" "$3" "$4/ready.$3" "$4/over" &
		pid=$!
		while ! [ -e "$4/look" ]; do sleep 0.02; done
		"$5" stat --json $pid >"$4/stat.$3" 2>&1
		touch "$4/looked.$3"
		while ! [ -e "$4/again" ]; do sleep 0.02; done
		"$5" stat --json $pid >"$4/again.$3" 2>&1
		touch "$4/over.$3"
		wait' sh "$SHIM" "$BIN/server" "$1" "$OUT" "$CLI" </dev/null 3>&- &
}

# its_own FILE N
its_own() {
	grep -qE "\"waits.registered\":$2[,}]" "$1" && return 0
	echo "of the server with $2 waits:"
	cat "$1"
	return 1
}

there() {
	[[ -e $OUT/$1.10 && -e $OUT/$1.20 ]]
}

@test "two processes of the same number in two PID namespaces" {
	in_namespace 10
	in_namespace 20
	until_true there ready
	touch "$OUT/look"
	until_true there looked
	# A clean-up from outside.
	"$CLI" stat --clean >"$OUT/cleaned" 2>&1 || true
	touch "$OUT/again"
	until_true there over
	its_own "$OUT/stat.10" 10
	its_own "$OUT/stat.20" 20
	its_own "$OUT/again.10" 10
	its_own "$OUT/again.20" 20
}

@test "a process of a PID namespace of its own, seen and cleaned up from another" {
	in_namespace 10
	until_true test -e "$OUT/ready.10"
	unshare -pf --mount-proc "$CLI" stat --clean >"$OUT/cleaned" 2>&1 || true
	touch "$OUT/look" "$OUT/again"
	until_true test -e "$OUT/over.10"
	its_own "$OUT/again.10" 10
}
