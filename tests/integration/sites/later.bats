#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Sites of what is loaded later, by dlopen().

load ../../lib/integration

setup() {
	programs_setup
	"$CLI" sites /bin/true >/dev/null 2>&1 || skip "there is no decoder"
	OPENS=$BIN/sites/opens
	ENGINE=$BIN/names/engine-builtin.so
	mkdir "$OUT/plans"
	"$CLI" sites --write "$OUT/plans" "$ENGINE" >"$OUT/sites"
	SITES=$(awk '/can be patched/ { print $(NF - 2) }' "$OUT/sites")
	export REGWAIT_SITES=$OUT/plans
}

@test "a library with liburing inside" {
	both "$OPENS" "$ENGINE"
	counts sites.patched "$SITES" rings.armed 3 waits.registered 4 waits.plain.unseen 0
}

@test "it is opened again and again: patched each time, and nothing is left over" {
	both "$OPENS" "$ENGINE" again
	counts sites.patched $((8 * SITES)) waits.registered 32
	grep -qx 'code in no file does not grow' "$OUT/shim.out"
}

@test "left: there are several threads" {
	both "$OPENS" "$ENGINE" thread
	counts sites.patched 0 sites.left.threads "$SITES" rings.seen 0
}

@test "in a forked child, which has one thread" {
	both "$OPENS" "$ENGINE" child
	grep -qx "sites.patched $SITES" "$OUT/stats"
	counts waits.registered 4
}

@test "liburing itself, opened as SDL opens it" {
	local liburing
	liburing=$(ldd "$BUILT/cli/waiter" | awk '/liburing/ { print $3 }')
	"$CLI" sites --write "$OUT/plans" "$liburing" >"$OUT/sites"
	both "$BIN/names/by_handle" handle liburing.so.2
	only_counts rings.seen 1 rings.armed 1 waits.registered 1
	both "$BIN/names/by_handle" default liburing.so.2
	only_counts rings.seen 1 rings.armed 1 waits.registered 1
}

@test "a plugin that is linked with liburing is reached by liburing's names" {
	local liburing
	liburing=$(ldd "$BUILT/cli/waiter" | awk '/liburing/ { print $3 }')
	"$CLI" sites --write "$OUT/plans" "$liburing" "$BIN/names/engine.so" >"$OUT/sites"
	both "$OPENS" "$BIN/names/engine.so" again
	counts sites.patched 0 waits.registered 32 waits.plain.unseen 0
	(($(count sites.left.by-symbols)))
}

@test "a plan by a relative path, and a program that goes elsewhere" {
	cd "$OUT"
	REGWAIT_SITES=plans both "$OPENS" "$ENGINE"
	counts sites.patched "$SITES"
}

@test "without REGWAIT_SITES nothing that is opened is looked at" {
	REGWAIT_SITES="" both "$OPENS" "$ENGINE"
	counts sites.patched 0 rings.seen 0
}
