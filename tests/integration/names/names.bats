#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Who gets liburing's names: only those get ours that asked for liburing's. All others get what they
# got without the preload, with REGWAIT=off, too.

load ../../lib/ways

setup() {
	ways_setup names
	needs_rings
}

# registered PROGRAM...: with the preload its waits are registered.
registered() {
	"$BUILT/integration/common/can_register" || return 0
	SETTINGS=(REGWAIT_STATS="$OUT/stats")
	: >"$OUT/stats"
	with "$@"
	SETTINGS=()
	(($(count waits.registered) > 0)) && return 0
	echo "no wait was registered"
	cat "$OUT/with.out" "$OUT/with.err" "$OUT/stats"
	return 1
}

@test "liburing.a within a library, which the program is linked with" {
	all_ways "$BIN/linked-builtin"
}

@test "liburing.a within a library, loaded with RTLD_LOCAL" {
	all_ways "$BIN/host" local "$BIN/engine-builtin.so"
}

@test "liburing.a within a library, loaded with RTLD_GLOBAL" {
	all_ways "$BIN/host" global "$BIN/engine-builtin.so"
}

@test "a liburing of another name, brought along by a library that the program is linked with" {
	all_ways "$BIN/linked-renamed"
}

@test "a liburing of another name, loaded with RTLD_LOCAL" {
	all_ways "$BIN/host" local "$BIN/engine-renamed.so"
}

@test "a liburing of another name, loaded with RTLD_GLOBAL" {
	all_ways "$BIN/host" global "$BIN/engine-renamed.so"
}

@test "a liburing of another name is found by who needs it, and its waits are registered" {
	registered "$BIN/linked-renamed"
	registered "$BIN/host" local "$BIN/engine-renamed.so"
}

@test "liburing itself, loaded with a library" {
	all_ways "$BIN/host" local "$BIN/engine.so"
	all_ways "$BIN/host" global "$BIN/engine.so"
	registered "$BIN/host" local "$BIN/engine.so"
}

@test "several in one process: liburing, one of another name, liburing.a within, wrappers" {
	all_ways "$BIN/host" local "$BIN"/engine{,-renamed,-builtin}.so "$BIN/wrappers.so"
	all_ways "$BIN/host" local "$BIN/wrappers.so" "$BIN"/engine{-builtin,-renamed,}.so
}

@test "a program that is linked with liburing and with a library that has another within" {
	all_ways "$BIN/mixed"
}

@test "a program with liburing.a within, which exports it to its plugins" {
	all_ways "$BIN/exports" "$BIN/engine-open.so"
}

@test "a library that names no liburing, and finds one that another brought" {
	all_ways "$BIN/host" global "$BIN"/engine{,-open}.so
	all_ways "$BIN/host" global "$BIN"/engine{-builtin,-open}.so
	all_ways "$BIN/host" global "$BIN"/engine{-renamed,-open}.so
}

@test "wrappers of a library's own, which the program is linked with" {
	all_ways "$BIN/linked-wrappers"
}

@test "wrappers of a library's own, loaded with RTLD_LOCAL and RTLD_GLOBAL" {
	all_ways "$BIN/host" local "$BIN/wrappers.so"
	all_ways "$BIN/host" global "$BIN/wrappers.so"
}

@test "weak references and look-ups where no liburing is" {
	all_ways "$BIN/optional"
}

@test "weak references and look-ups where liburing is: names that it lacks are not there" {
	all_ways "$BIN/optional-linked"
}

@test "look-ups in a handle of liburing, and in the default scope after it was opened" {
	all_ways "$BIN/by_handle" handle liburing.so.2
	all_ways "$BIN/by_handle" default liburing.so.2
	all_ways "$BIN/by_handle" handle "$BIN/liburing-9c.2"
	all_ways "$BIN/by_handle" default "$BIN/liburing-9c.2"
	all_ways "$BIN/by_handle" default
}

# of_release VERSION: the same with another release.
of_release() {
	local version=$1 made=$BUILT/$1/integration/names
	build_with "$version" "${made#"$TOP/"}"/{engine.so,optional-linked}
	all_ways "$BIN/host" local "$made/engine.so"
	all_ways "$BIN/host" global "$made/engine.so"
	registered "$BIN/host" local "$made/engine.so"
	all_ways "$made/optional-linked"
}

@test "liburing 2.9" {
	of_release 2.9
}

@test "liburing 2.15" {
	of_release 2.15
}

@test "liburing-ffi 2.15" {
	of_release 2.15-ffi
}

@test "liburing-ffi and liburing of two releases in one process" {
	local ffi=$BUILT/2.15-ffi/integration/names/engine.so
	build_with 2.15-ffi "${ffi#"$TOP/"}"
	all_ways "$BIN/host" local "$ffi" "$BIN"/engine{,-builtin}.so
	all_ways "$BIN/host" local "$BIN"/engine{-renamed,}.so "$ffi"
}

# Nothing but ours may be had without a version, and libc's younger names only of its own version.
@test "what is exported under which version" {
	local name bad=0
	need_tool readelf
	readelf -W --dyn-syms "$SHIM" | awk '$7 != "UND" { print $8 }' >"$OUT/exports"
	sed -n '/io_uring/p' "$OUT/exports" >"$OUT/names"
	while read -r name; do
		case $name in
		io_uring_register_reg_wait* | io_uring_setup_reg_wait* | io_uring_free_reg_wait*) ;;
		*@LIBURING_2.*) ;;
		*) echo "without liburing's version: $name"; bad=1 ;;
		esac
		[[ $name != *@@LIBURING* ]] || { echo "not hidden: $name"; bad=1; }
	done <"$OUT/names"
	sed -n '/^close_range/p; /^closefrom/p' "$OUT/exports" >"$OUT/libc"
	while read -r name; do
		[[ $name == *@GLIBC_2.34 ]] || { echo "where libc has none: $name"; bad=1; }
	done <"$OUT/libc"
	return $bad
}
