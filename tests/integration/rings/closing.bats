#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# close() of a ring, in places where the shim must not show.

load ../../lib/integration

setup() {
	programs_setup
	need_registered_waits
}

@test "a child of vfork closes all: the parent's close still ends the ring" {
	both "$BIN/rings/closing" vfork-then-close
	counts rings.indexed 1
}

@test "a child of vfork closes all: the parent's bare waits stay registered" {
	both "$BIN/rings/closing" vfork-then-wait
	only_counts rings.seen 1 rings.armed 1 waits.registered 2
}

@test "an index that nobody saw registered is counted under its reason" {
	both "$BIN/rings/closing" unknown-index
	only_counts rings.seen 1 rings.armed 1 waits.plain.unseen 2
}

@test "in a sandbox a wait and close() make no call that the program did not make" {
	both "$BIN/rings/closing" sandbox
}

@test "a handler that interrupted malloc() may close a ring" {
	both "$BIN/rings/closing" handler
	counts rings.indexed 2
}

@test "a program's own close() and syscall() are not called" {
	as_user 8388608 "$BIN/rings/own_names"
	plain "${RUN[@]}"
	REGWAIT_STATS=1 shim "${RUN[@]}"
	mv "$OUT/shim.err" "$OUT/stats"
	: >"$OUT/shim.err"
	same
	counts rings.armed 1
	REGWAIT_LIVE=on both "$BIN/rings/own_names"
}

@test "an alias that ended with its ring is another ring's number" {
	both "$BIN/rings/closing" alias
}

@test "to ask about sandboxes is not to enter one" {
	both "$BIN/rings/closing" ask-then-vfork
	counts rings.indexed 1
}
