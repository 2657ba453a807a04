#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2030,SC2031,SC2034,SC2154 # subshells; the helper sets them
# Processes with a /dev/shm of their own, as in containers, looked at from outside.

load ../lib/cli

setup() {
	tool_setup
	need_registered_waits
	need_root
}

teardown() { tool_teardown; }

# contained USER-COMMAND...: the waiter in namespaces of its own; sets pid, as it is seen from here.
contained() {
	unshare --mount --pid --fork --mount-proc mount -t tmpfs none /dev/shm ||
		skip "nothing may be mounted here"
	# shellcheck disable=SC2016 # for the shell that is run
	unshare --mount --pid --fork --mount-proc sh -c 'mount -t tmpfs -o mode=1777 none /dev/shm &&
		exec env LD_PRELOAD="$0" REGWAIT_LIVE=on "$@"' "$SHIM" "$@" >"$OUT/program.out" 2>&1 3>&- &
	outer=$!
	STARTED+=("$outer")
	until_true find_inner
	STARTED+=("$pid")
	until_true counted_some "$pid"
}

find_inner() {
	pid=$(pgrep -P "$outer")
	[[ $(tr '\0' ' ' <"/proc/$pid/cmdline") == *waiter* ]]
}

@test "by its process id, and among all" {
	unique_copy "$BIN/waiter"
	mv "$copy" "$copy-waiter"
	contained "$copy-waiter" 0 1000
	tool stat "$pid"
	ended 0
	said out "^${name:0:31}.*\[$pid\]\$"
	said out '^  waits\.registered +[1-9]'
	# The id that it has there means nothing here.
	tool stat --list
	said out "^$pid $name"
	tool stat --json "$pid"
	[ "$(json out pid)" = "$pid" ]
	[ "$(json out namespace_pid)" = 1 ]
	tool stat -i 0.1 -n 1
	said out "^ *$pid ${name:0:12}"
	tool check "$pid"
	ended 0
	said out "^  good +[0-9]+ of [0-9]+ timed waits of process $pid "
	tool set "$pid" off
	ended 0
	tool check "$pid"
	ended 3
	tool stat --json
	said out "\"program\":\"$name"
	tool stat --openmetrics
	said out "regwait_waits_total.pid=\"1\",program=\"$name.*pid_namespace="
}

@test "its slices are compared by its own processor time, and not by that of another with its id" {
	contained "$BIN/waiter" 0 0
	tool compare --attach "$pid" --slice 0.1 --pairs 8 --json
	judged
	# No wait enters the kernel and returns in less.
	ns=$(json out per_wait_off)
	((${ns%.*} > 50))
}

@test "a /dev/shm that several mount namespaces have is looked at once" {
	unique_copy "$BIN/waiter"
	begin "$copy" 0 1000
	unshare --mount sleep 1000 3>&- &
	STARTED+=("$!")
	mine=$pid
	mv "$copy" "$copy-waiter"
	contained "$copy-waiter" 0 1000
	nsenter --mount --target "$pid" unshare --mount sleep 1000 3>&- &
	STARTED+=("$!")
	sleeper=$!
	# shellcheck disable=SC2016 # it is evaluated
	until_true eval '[ "$(readlink /proc/$sleeper/ns/mnt)" != "$(readlink /proc/$pid/ns/mnt)" ] && grep -q sleep /proc/$sleeper/comm'
	tool stat --openmetrics
	[ "$(grep -c "pid=\"$mine\",program=\"$name\",outcome=\"registered\"" "$OUT/out")" = 1 ]
	[ "$(grep -c "program=\"$name-.*,outcome=\"registered\"" "$OUT/out")" = 1 ]
}

@test "what another put there in its name is not believed" {
	contained "$BIN/waiter" 0 1000
	shm=/proc/$pid/root/dev/shm
	ns=$(stat -Lc %i "/proc/$pid/ns/pid")
	install -d -m 700 -o 42001 "$shm/regwait-42001"
	cp "$shm/regwait-0/$ns-1" "$shm/regwait-42001/$ns-1"
	chown 42001 "$shm/regwait-42001/$ns-1"
	rm "$shm/regwait-0/$ns-1"
	tool stat "$pid"
	ended 1
	said err 'has no stats page'
}

@test "where something else than memory is mounted, nothing is opened" {
	contained "$BIN/waiter" 0 1000
	mkdir "$OUT/elsewhere"
	cp -a "/proc/$pid/root/dev/shm/regwait-0" "$OUT/elsewhere"
	nsenter --mount --target "$pid" mount --bind "$OUT/elsewhere" /dev/shm
	tool stat "$pid"
	ended 1
	said err 'has no stats page'
}
