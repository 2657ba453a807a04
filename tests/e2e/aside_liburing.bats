#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2034,SC2154 # helper.bash reads and sets these
# More than one liburing, none at all, old ones, and other preloads beside ours.

load ../aside/helper

setup() {
	aside_setup
}

# The sum over the two rings of a plugin's run.
plugin_counts() {
	counts rings.seen $((2 * $1)) rings.armed $((2 * $1)) waits.registered $((4 * $1)) \
		waits.polled $((2 * $1)) waits.answered $((2 * $1))
}

@test "a plugin brings liburing with RTLD_LOCAL, the program has none" {
	need_registered_waits
	both "$ASIDE/host" "open=$BIN/plugin.so" run
	plugin_counts 1
	both "$ASIDE/host" "global=$BIN/plugin.so" run
	plugin_counts 1
}

@test "the plugin is unloaded and loaded again" {
	need_registered_waits
	both "$ASIDE/host" "open=$BIN/plugin.so" run close "open=$BIN/plugin.so" run run close \
		"open=$BIN/plugin.so" run close
	plugin_counts 4
}

@test "a program that loads no plugin in the end" {
	both "$ASIDE/host" "open=$BIN/plugin.so" close
	counts rings.seen 0
}

@test "two plugins with liburing.so.2 and liburing-ffi.so.2: each is served by its own" {
	need_registered_waits
	aside_setup 2.15
	for versions in "system 2.15" "2.9 2.15" "2.15 2.9"; do
		read -r first second <<<"$versions"
		aside_setup "$first"
		aside_setup "$second"
		one=$ASIDE/$first/plugin.so two=$ASIDE/$second/plugin-ffi.so
		both "$ASIDE/host" "open=$one" "open=$two" run=0 run=1 run=0 run=1
		plugin_counts 4
		both "$ASIDE/host" "open=$two" "open=$one" run=1 run=0 close run=0
		plugin_counts 3
	done
}

@test "two plugins with two liburings and REGWAIT=off: each is served by its own" {
	aside_setup 2.9
	aside_setup 2.15
	one=$ASIDE/2.9/plugin.so two=$ASIDE/2.15/plugin-ffi.so
	for args in "open=$one open=$two run=0 run=1 run=0" "open=$one run=0 open=$two run=1 run=0" \
		"open=$one run=0 close open=$two run=0"; do
		# shellcheck disable=SC2086 # a list
		plain "$ASIDE/host" $args
		# shellcheck disable=SC2086
		REGWAIT=off shim "$ASIDE/host" $args
		same
	done
}

@test "one plugin after another at the same address: each is served by its own" {
	need_registered_waits
	aside_setup 2.15
	aside_setup 2.9
	one=open=$ASIDE/2.9/plugin.so two=open=$ASIDE/2.15/plugin-ffi.so
	args=()
	for _ in {1..10}; do
		args+=("$one" run close "$two" run close)
	done
	both "$ASIDE/host" "${args[@]}"
	plugin_counts 20
}

@test "liburing-ffi.so.2 alone" {
	need_registered_waits
	for version in 2.9 2.15; do
		aside_setup $version
		both "$ASIDE/host" "open=$BIN/plugin-ffi.so" run
		plugin_counts 1
	done
}

@test "functions that this liburing lacks are found, called, and do no harm" {
	shim "$BIN/missing"
	[ "$rc" = 0 ]
	[ "$(tail -n 1 "$OUT/shim.out")" = "wait without a timeout: 0, cqe 3 res 0" ]
	REGWAIT_MAX_RINGS=0 shim "$BIN/missing"
	[ "$rc" = 0 ]
	[ "$(tail -n 1 "$OUT/shim.out")" = "wait without a timeout: 0, cqe 3 res 0" ]
	REGWAIT=off shim "$BIN/missing"
	[ "$rc" = 0 ]
	[ "$(tail -n 1 "$OUT/shim.out")" = "wait without a timeout: 0, cqe 3 res 0" ]
}

@test "functions that this liburing has are found and called as without us" {
	aside_setup 2.15
	both "$BIN/missing"
	plain "$BIN/missing"
	REGWAIT=off shim "$BIN/missing"
	same
}

@test "liburing 2.2: every call arrives untouched, nothing is registered" {
	[ -x "$ASIDE/old/old" ]
	both "$ASIDE/old/old"
	only_counts rings.seen 2 rings.plain.liburing 2 waits.plain.liburing 18 waits.plain.no-timeout 4
}

@test "liburing 2.2: the kernel sees the same system calls" {
	need_tool strace
	calls() {
		env "$@" strace -f -qq -o "$OUT/trace" \
			-e trace=io_uring_setup,io_uring_enter,io_uring_register "$ASIDE/old/old" >/dev/null
		sed -E 's/^[0-9]+ +//; s/0x[0-9a-f]{6,}/ADDRESS/g' "$OUT/trace"
	}
	diff <(calls A=B) <(calls LD_PRELOAD="$SHIM")
}

@test "another preload ahead of ours: the program's calls reach it, and then us" {
	need_registered_waits
	for program in "rings init 2" "rings params 2" "rings setup 2"; do
		# shellcheck disable=SC2086 # program and arguments
		run_in plain env LD_PRELOAD="$ASIDE/wrap.so" "$BIN"/$program
		# shellcheck disable=SC2086
		AHEAD=$ASIDE/wrap.so shim "$BIN"/$program
		same
		counts rings.armed 2 waits.registered 4
	done
}

@test "another preload behind ours is called to make and end rings" {
	need_registered_waits
	BEHIND=$ASIDE/wrap.so shim "$BIN/rings" params 3
	[ "$rc" = 0 ]
	grep -qx 'wrap: io_uring_queue_init_params 3' "$OUT/shim.err"
	grep -qx 'wrap: io_uring_queue_exit 3' "$OUT/shim.err"
	BEHIND=$ASIDE/wrap.so shim "$BIN/rings" setup 3
	grep -qx 'wrap: io_uring_setup 3' "$OUT/shim.err"
	grep -qx 'wrap: io_uring_queue_mmap 3' "$OUT/shim.err"
}

@test "another preload behind ours is called for the waits that it wraps" {
	need_registered_waits
	run_in plain env LD_PRELOAD="$ASIDE/wrap.so" "$BIN/rings" init 2
	BEHIND=$ASIDE/wrap.so shim "$BIN/rings" init 2
	same
}

@test "another preload behind ours is called for plain waits, each by its own name" {
	run_in plain env LD_PRELOAD="$ASIDE/wrap.so" "$BIN/rings" init 2
	REGWAIT_MAX_RINGS=0 BEHIND=$ASIDE/wrap.so shim "$BIN/rings" init 2
	same
	REGWAIT=off BEHIND=$ASIDE/wrap.so shim "$BIN/rings" init 2
	same
}

@test "dlerror() tells the program of its own calls only" {
	both "$BIN/dlerr"
	both "$BIN/dlerr_first"
}

@test "dlerror() is left alone with REGWAIT=off" {
	plain "$BIN/dlerr_first"
	REGWAIT=off shim "$BIN/dlerr_first"
	same
	plain "$BIN/dlerr"
	REGWAIT=off shim "$BIN/dlerr"
	same
}

@test "a library whose constructor uses io_uring, before ours has run" {
	need_registered_waits
	both "$BIN/with_early"
	counts rings.seen 2 rings.armed 2 waits.registered 4
}

@test "such a library with REGWAIT=off: nothing is armed" {
	plain "$BIN/with_early"
	REGWAIT=off shim "$BIN/with_early"
	same
	counts rings.seen 0 rings.armed 0 waits.registered 0
	need_tool strace
	strace -f -qq -o "$OUT/trace" -e trace=io_uring_register \
		-E LD_PRELOAD="$SHIM" -E REGWAIT=off "$BIN/with_early" >/dev/null
	[ ! -s "$OUT/trace" ]
}
