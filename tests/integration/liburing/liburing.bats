#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2034,SC2154 # lib/integration.bash reads and sets these
# More than one liburing, none at all, old ones, and other preloads beside ours.

load ../../lib/integration

setup() {
	programs_setup
	HOST=$BIN/liburing/host
	OLD=$BUILT/integration/liburing/old
}

# plugin VERSION: the path of a plugin that brings that liburing.
plugin() {
	echo "$(programs_of "$1")/liburing/plugin.so"
}

# The sum over the two rings of a plugin's run.
plugin_counts() {
	counts rings.seen $((2 * $1)) rings.armed $((2 * $1)) waits.registered $((4 * $1)) \
		waits.polled $((2 * $1)) waits.answered $((2 * $1))
}

@test "a plugin brings liburing with RTLD_LOCAL, the program has none" {
	need_registered_waits
	both "$HOST" "open=$(plugin system)" run
	plugin_counts 1
	both "$HOST" "global=$BIN/liburing/plugin.so" run
	plugin_counts 1
}

@test "the plugin is unloaded and loaded again" {
	need_registered_waits
	both "$HOST" "open=$(plugin system)" run close "open=$(plugin system)" run run close \
		"open=$(plugin system)" run close
	plugin_counts 4
}

@test "a program that loads no plugin in the end" {
	both "$HOST" "open=$(plugin system)" close
	counts rings.seen 0
}

@test "two plugins with liburing.so.2 and liburing-ffi.so.2: each is served by its own" {
	need_registered_waits
	for versions in "system 2.15" "2.9 2.15" "2.15 2.9"; do
		read -r first second <<<"$versions"
		programs_setup "$first"
		programs_setup "$second-ffi"
		one=$(plugin "$first") two=$(plugin "$second-ffi")
		both "$HOST" "open=$one" "open=$two" run=0 run=1 run=0 run=1
		plugin_counts 4
		both "$HOST" "open=$two" "open=$one" run=1 run=0 close run=0
		plugin_counts 3
	done
}

@test "two plugins with two liburings and REGWAIT=off: each is served by its own" {
	programs_setup 2.9
	programs_setup 2.15-ffi
	one=$(plugin 2.9) two=$(plugin 2.15-ffi)
	for args in "open=$one open=$two run=0 run=1 run=0" "open=$one run=0 open=$two run=1 run=0" \
		"open=$one run=0 close open=$two run=0"; do
		# shellcheck disable=SC2086 # a list
		plain "$HOST" $args
		# shellcheck disable=SC2086
		REGWAIT=off shim "$HOST" $args
		same
	done
}

@test "one plugin after another at the same address: each is served by its own" {
	need_registered_waits
	programs_setup 2.15-ffi
	programs_setup 2.9
	one=open=$(plugin 2.9) two=open=$(plugin 2.15-ffi)
	args=()
	# An ordinary user may arm 32 rings within two seconds; there are two in each turn, twice.
	for _ in {1..7}; do
		args+=("$one" run close "$two" run close)
	done
	both "$HOST" "${args[@]}"
	plugin_counts 14
}

@test "liburing-ffi.so.2 alone" {
	need_registered_waits
	for version in 2.9 2.15; do
		programs_setup "$version-ffi"
		both "$HOST" "open=$(plugin "$version-ffi")" run
		plugin_counts 1
	done
}

@test "functions that this liburing lacks are found, called, and do no harm" {
	shim "$BIN/liburing/missing"
	[ "$rc" = 0 ]
	[ "$(tail -n 1 "$OUT/shim.out")" = "wait without a timeout: 0, cqe 3 res 0" ]
	REGWAIT_MAX_RINGS=0 shim "$BIN/liburing/missing"
	[ "$rc" = 0 ]
	[ "$(tail -n 1 "$OUT/shim.out")" = "wait without a timeout: 0, cqe 3 res 0" ]
	REGWAIT=off shim "$BIN/liburing/missing"
	[ "$rc" = 0 ]
	[ "$(tail -n 1 "$OUT/shim.out")" = "wait without a timeout: 0, cqe 3 res 0" ]
}

@test "functions that this liburing has are found and called as without us" {
	programs_setup 2.15
	both "$BIN/liburing/missing"
	plain "$BIN/liburing/missing"
	REGWAIT=off shim "$BIN/liburing/missing"
	same
}

@test "liburing 2.2: every call arrives untouched, nothing is registered" {
	[ -x "$OLD" ]
	both "$OLD"
	only_counts rings.seen 2 rings.plain.liburing 2 waits.plain.liburing 18 waits.plain.no-timeout 4
}

@test "liburing 2.2: the kernel sees the same system calls" {
	need_tool strace
	calls() {
		env "$@" strace -f -qq -o "$OUT/trace" \
			-e trace=io_uring_setup,io_uring_enter,io_uring_register "$OLD" >/dev/null
		sed -E 's/^[0-9]+ +//; s/0x[0-9a-f]{6,}/ADDRESS/g' "$OUT/trace"
	}
	calls A=B >"$OUT/without"
	calls LD_PRELOAD="$SHIM" >"$OUT/with"
	diff "$OUT/without" "$OUT/with"
}

# It looks for the next function by its name alone, which is liburing's.
@test "another preload ahead of ours that looks for the next function: as if we were not there" {
	for program in "rings init 2" "rings params 2" "rings setup 2"; do
		# shellcheck disable=SC2086 # program and arguments
		run_in plain env LD_PRELOAD="$TOOLS/wrap.so" "$BIN"/common/$program
		# shellcheck disable=SC2086
		AHEAD=$TOOLS/wrap.so shim "$BIN"/common/$program
		same
		counts waits.registered 0
	done
}

@test "another preload behind ours is called to make and end rings" {
	need_registered_waits
	BEHIND=$TOOLS/wrap.so shim "$BIN/common/rings" params 3
	[ "$rc" = 0 ]
	grep -qx 'wrap: io_uring_queue_init_params 3' "$OUT/shim.err"
	grep -qx 'wrap: io_uring_queue_exit 3' "$OUT/shim.err"
	BEHIND=$TOOLS/wrap.so shim "$BIN/common/rings" setup 3
	grep -qx 'wrap: io_uring_setup 3' "$OUT/shim.err"
	grep -qx 'wrap: io_uring_queue_mmap 3' "$OUT/shim.err"
}

@test "another preload behind ours is called for the waits that it wraps" {
	need_registered_waits
	run_in plain env LD_PRELOAD="$TOOLS/wrap.so" "$BIN/common/rings" init 2
	BEHIND=$TOOLS/wrap.so shim "$BIN/common/rings" init 2
	same
}

@test "another preload behind ours is called for plain waits, each by its own name" {
	run_in plain env LD_PRELOAD="$TOOLS/wrap.so" "$BIN/common/rings" init 2
	REGWAIT_MAX_RINGS=0 BEHIND=$TOOLS/wrap.so shim "$BIN/common/rings" init 2
	same
	REGWAIT=off BEHIND=$TOOLS/wrap.so shim "$BIN/common/rings" init 2
	same
}

@test "dlerror() tells the program of its own calls only" {
	both "$BIN/liburing/dlerr"
	both "$BIN/liburing/dlerr_first"
}

@test "dlerror() is left alone with REGWAIT=off" {
	plain "$BIN/liburing/dlerr_first"
	REGWAIT=off shim "$BIN/liburing/dlerr_first"
	same
	plain "$BIN/liburing/dlerr"
	REGWAIT=off shim "$BIN/liburing/dlerr"
	same
}

@test "a library whose constructor uses io_uring, before ours has run" {
	need_registered_waits
	both "$BIN/liburing/with_early"
	# Its own ring is as without us, those that come later are not.
	counts rings.armed 1 waits.registered 2
}

@test "such a library with REGWAIT=off: nothing is armed" {
	plain "$BIN/liburing/with_early"
	REGWAIT=off shim "$BIN/liburing/with_early"
	same
	counts rings.seen 0 rings.armed 0 waits.registered 0
	need_tool strace
	strace -f -qq -o "$OUT/trace" -e trace=io_uring_register \
		-E LD_PRELOAD="$SHIM" -E REGWAIT=off "$BIN/liburing/with_early" >/dev/null
	[ ! -s "$OUT/trace" ]
}
