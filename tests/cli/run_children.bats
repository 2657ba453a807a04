#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2030,SC2031,SC2034,SC2154 # subshells; the helper sets them
# regwait run --children: jobs of many processes.

load ../lib/cli

setup() {
	tool_setup
	need_registered_waits
}

teardown() { tool_teardown; }

# From here on, tool runs the command where /dev/shm has this room.
as_small() {
	need_root
	# shellcheck disable=SC2016 # for the shell that is run
	AS=(unshare -m sh -c 'mount -t tmpfs -o size='"$1"' none /dev/shm && exec "$@"' sh)
	"${AS[@]}" true || skip "no file system may be mounted here"
}

@test "4,000 processes: a small /dev/shm has room, the sum is right, there are few lines" {
	as_small 16m
	cat >"$OUT/job" <<-END
		#!/bin/sh
		'$BIN/spawn' 3990 true && '$BIN/spawn' 10 '$BIN/waiter' 7 >$OUT/figures &&
		head -c 8m /dev/zero >/dev/shm/own && rm /dev/shm/own && ls /dev/shm/regwait-* | wc -l
	END
	chmod +x "$OUT/job"
	LIMIT=300 tool run --children "$OUT/job"
	ended 0
	silent_of_shm
	said err '^regwait: waiter \(10 processes\): rings 10, armed 10; waits registered 70,'
	said err '^regwait: 399[0-9] processes made no ring$'
	[ "$(wc -l <"$OUT/err")" -le 4 ]
}

# There was no message that there was no room.
silent_of_shm() {
	unsaid err 'No space left|is not known'
}

# A daemon that forks twice, and goes on when what started it has ended; that waits for its page.
write_daemon() {
	cat >"$OUT/start" <<-END
		#!/bin/sh
		setsid sh -c '"$BIN/waiter" 0 1000 >/dev/null 2>&1 3>&- & echo \$! >$OUT/daemon'
		read -r pid <$OUT/daemon
		until "$CLI" stat \$pid >/dev/null 2>&1; do sleep .02; done
	END
	chmod +x "$OUT/start"
}

@test "a daemon that forks twice is told of, and followed into a file" {
	write_daemon
	tool run --children "$OUT/start"
	ended 0
	pid=$(<"$OUT/daemon")
	STARTED+=("$pid")
	until_true counted_some "$pid"
	said err "^regwait: process $pid goes on: regwait stat $pid$"
	kill "$pid"
	tool run --children --exec --output "$OUT/told" "$OUT/start"
	ended 0
	pid=$(<"$OUT/daemon")
	STARTED+=("$pid")
	until_true counted_some "$pid"
	[ ! -s "$OUT/told" ]
	kill "$pid"
	until_true grep -qE '^regwait: waiter\[[0-9]+\]: .* registered [0-9]+' "$OUT/told"
}

@test "programs by name, those that waited most first, and the sum" {
	for name in one two; do
		cp "$BIN/waiter" "$OUT/$name"
	done
	tool run --children sh -c "$OUT/one 20; $OUT/two 30; $OUT/two 5; true"
	ended 0
	[ "$(sed -n 1p "$OUT/err" | cut -d: -f 2)" = ' two (2 processes)' ]
	said err '^regwait: two \(2 processes\): .* registered 35,'
	said err '^regwait: one\[[0-9]+\]: .* registered 20,'
	said err '^regwait: all together \([34] processes\): rings 3, .* registered 55,'
	tool run --children sh -c "$OUT/one 20; true"
	ended 0
	said err '^regwait: 1 process made no ring$'
}

@test "more programs than lines" {
	for i in {1..12}; do
		cp "$BIN/waiter" "$OUT/p$i"
	done
	tool run --children sh -c "for i in 1 2 3 4 5 6 7 8 9 10 11 12; do $OUT/p\$i 2; done"
	ended 0
	said err '^regwait: others \(4 processes\): rings 4, .* registered 8,'
	said err '^regwait: all together \(1[23] processes\): rings 12, .* registered 24,'
	[ "$(wc -l <"$OUT/err")" -le 11 ]
}

@test "--json: an object for each program" {
	tool run --children --json sh -c "'$BIN/waiter' 3; '$BIN/waiter' 4; true"
	ended 0
	grep '"program":"waiter"' "$OUT/err" >"$OUT/object"
	[ "$(json object processes)" = 2 ]
	[ "$(json object waits.registered)" = 7 ]
}

@test "--ab: the times of all processes of a program" {
	tool run --children --ab --json sh -c "'$BIN/waiter' 400; '$BIN/waiter' 400; true"
	ended 0
	grep '"program":"waiter"' "$OUT/err" >"$OUT/object"
	sum=$(($(json object registered_waits) + $(json object plain_waits) + $(json object slept)))
	[ $sum = 800 ]
}

@test "what an earlier run of the same process id left is not taken for this one's" {
	"$CLI" run --quiet "$BIN/waiter" 0 1000 3>&- &
	pid=$!
	STARTED+=("$pid")
	child() { program=$(pgrep -P "$pid" -x waiter) && compgen -G "$PAGES/*$program*" >/dev/null; }
	until_true child
	kill -KILL "$pid"
	tool run --json "$BIN/waiter" 3
	[ "$(json err waits.registered)" = 3 ]
	tool stat --clean "$program"
}

@test "children that another run or the environment named are not asked for" {
	REGWAIT_PID=1 tool run --children --json "$BIN/waiter" 5
	[ "$(json err waits.registered)" = 5 ]
}

@test "without /proc the sum is right as well" {
	need_root
	# shellcheck disable=SC2016 # for the shell that is run
	AS=(unshare -m sh -c 'umount -l /proc && exec "$@"' sh)
	"${AS[@]}" true || skip "/proc cannot be taken away here"
	tool run --children sh -c "'$BIN/waiter' 300 1000 & '$BIN/waiter' 400 1000; wait"
	ended 0
	said err '^regwait: waiter \(2 processes\): .* registered 700,'
}

@test "processes in a PID namespace of their own are told of, and leave nothing behind" {
	need_root
	unshare -pf true || skip "no PID namespace may be made here"
	tool run --children unshare -pf --mount-proc sh -c "'$BIN/waiter' 30; '$BIN/waiter' 40; true"
	ended 0
	said err '^regwait: waiter \(2 processes\): .* registered 70,'
	pages() { compgen -G "$PAGES/*" | grep -v "/$NS-" | xargs -r grep -l waiter || true; }
	[ -z "$(pages)" ]
}

@test "of a PID namespace that is another's, --clean takes what nobody has mapped" {
	need_root
	unshare -pf true || skip "no PID namespace may be made here"
	# One that runs, and one that was killed.
	unshare -pf --kill-child --mount-proc sh -c "LD_PRELOAD='$SHIM' REGWAIT_LIVE=on '$BIN/waiter' 0 1000 & \
		LD_PRELOAD='$SHIM' REGWAIT_LIVE=on '$BIN/waiter' 0 1000 & \
		until [ \$(grep -l waiter $PAGES/* | grep -vc /$NS-) = 2 ]; do sleep 0.05; done; kill -9 \$!; echo ready; wait" >"$OUT/inside" 2>&1 3>&- &
	STARTED+=("$!")
	until_true grep -q ready "$OUT/inside"
	pages() { compgen -G "$PAGES/*" | grep -v "/$NS-" | xargs -r grep -l waiter; }
	[ "$(pages | wc -l)" = 2 ]
	tool stat --clean
	[ "$(pages | wc -l)" = 1 ]
	kill -KILL "${STARTED[@]}"
	gone() { tool stat --clean; [ "$(pages | wc -l)" = 0 ]; }
	until_true gone
}
