#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2030,SC2031,SC2034,SC2154 # subshells; the helper sets them
# regwait run: if nothing was registered, the last line names the reason.

load ../lib/cli

setup() {
	tool_setup
	build build/tests/integration/common/deny
	deny=$BUILT/integration/common/deny
}

teardown() { tool_teardown; }

# From here on, tool runs the command after these commands of a shell, in a mount namespace of its own.
as_mounted() {
	need_root
	# shellcheck disable=SC2016 # for the shell that is run
	AS=(unshare -m sh -c "$1"' && exec "$@"' sh)
	"${AS[@]}" true || skip "nothing may be mounted here"
}

@test "a seccomp filter refuses io_uring" {
	for error in EPERM ENOSYS; do
		AS=("$deny" "setup=$error" --)
		tool run "$BIN/waiter" 5
		ended 77
		said err '^regwait: a seccomp filter, .*, refuses io_uring here; to change that: [a-z]'
		unsaid err 'no timed wait'
		tool run true
		said err 'a seccomp filter'
	done
}

@test "kernel.io_uring_disabled" {
	echo 2 >"$OUT/two"
	as_mounted "mount --bind $OUT/two /proc/sys/kernel/io_uring_disabled"
	AS+=("$deny" setup=EPERM --)
	tool run "$BIN/waiter" 5
	ended 77
	said err '^regwait: io_uring is forbidden here: kernel.io_uring_disabled is 2; .*sysctl -w'
	tool check
	ended 1
	said out '^  no gain +io_uring is forbidden here: kernel.io_uring_disabled is 2$'
	said out '^  next +sysctl -w kernel.io_uring_disabled=0$'
}

@test "the loader refuses the library" {
	mkdir "$OUT/lib"
	cp "$CLI" "$SHIM" "$OUT/lib"
	as_mounted "mount --bind $OUT/lib/libregwait.so $OUT/lib/libregwait.so &&
		mount -o remount,bind,noexec $OUT/lib/libregwait.so"
	CLI=$OUT/lib/regwait tool run "$BIN/waiter" 5
	ended 0
	said err '^regwait: the shim was not loaded into .*/waiter: the loader refused .*/libregwait.so: failed to map'
}

@test "a static program" {
	tool run "$BIN/waiter-static" 5
	ended 0
	said err '^regwait: the shim was not loaded into .*/waiter-static: waiter-static is static'
	tool run --json "$BIN/waiter-static" 5
	[ "$(json err mode)" = null ]
	[[ $(json err reason) == *'is static'* ]]
}

@test "a program of another C library runs as without, and that is said" {
	command -v musl-gcc >/dev/null || skip "there is no musl-gcc"
	echo 'int main(void) { return 7; }' >"$OUT/seven.c"
	musl-gcc -o "$OUT/seven" "$OUT/seven.c"
	told() { grep -q '^regwait: the shim was not loaded into .*/seven: seven uses musl' "$OUT/err"; }
	for options in '' --children --exec; do
		# shellcheck disable=SC2086 # one word or none
		tool run $options "$OUT/seven"
		ended 7
		# With --exec the watcher says it, after the program has ended.
		until_true told
		[ "$(wc -l <"$OUT/err")" = 1 ]
	done
}

@test "left out or switched off by a variable" {
	REGWAIT_SKIP=no:waiter tool run "$BIN/waiter" 5
	said err 'not loaded into .*: REGWAIT_SKIP names waiter$'
	REGWAIT_ONLY=no tool run "$BIN/waiter" 5
	said err 'not loaded into .*: REGWAIT_ONLY does not name waiter$'
	REGWAIT=off tool run "$BIN/waiter" 5
	said err '^regwait: REGWAIT=off in the environment'
}

@test "the counts are those of a regwait inside" {
	need_registered_waits
	inside='a regwait inside it took the counts of what it ran; name that program here instead$'
	tool run "$CLI" run "$BIN/waiter" 10
	ended 0
	said err '^regwait: waiter\[[0-9]+\]: .* registered 10,'
	said err "^regwait: no timed wait was seen: $inside"
	tool run --children sh -c "'$CLI' run '$BIN/waiter' 10"
	said err "^regwait: no timed wait was seen: $inside"
	# Not if waits of others are known.
	tool run --children sh -c "'$CLI' run '$BIN/waiter' 10; '$BIN/waiter' 10"
	unsaid err 'no timed wait'
	tool compare --pairs 1 "$CLI" run "$BIN/waiter" 10
	ended 13
	said out "^  not exercised +$inside"
}
