#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154 # lib/integration.bash sets rc
# Liburings that are reached by their system call instructions and not by the names of their functions.

load ../../lib/integration

setup() {
	programs_setup
	"$CLI" sites /bin/true >/dev/null 2>&1 || skip "there is no decoder"
	NEWER=$BUILT/integration/sites/liburing-2.99
	OLD=$BUILT/integration/liburing/liburing-2.2
	PLANS=$OUT/plans
	mkdir "$PLANS"
	export REGWAIT_SITES=$PLANS
}

# plan FILE...
plan() {
	"$CLI" sites --write "$PLANS" "$@" >"$OUT/sites"
}

# newer: programs that are linked with liburing find one that is newer than we know.
newer() {
	programs_setup 2.15
	export REGWAIT_SITES=$PLANS LD_LIBRARY_PATH=$NEWER
	plan "$NEWER/liburing.so.2"
}

@test "a liburing newer than we know: without a plan its waits are plain" {
	newer
	rm "$PLANS"/*
	both "$BIN/common/rings" init 2
	counts sites.patched 0 rings.plain.liburing 2 waits.registered 0
}

@test "a liburing newer than we know: its waits are registered, and nothing is counted twice" {
	local how
	newer
	for how in init params setup; do
		both "$BIN/common/rings" "$how" 2
		only_counts rings.seen 2 rings.armed 2 waits.registered 4 waits.polled 2 \
			waits.plain.no-timeout 2
		(($(count sites.patched) > 20))
	done
}

@test "a liburing newer than we know: what stays plain is counted once, too" {
	newer
	REGWAIT_MAX_RINGS=0 REGWAIT_POLL=off both "$BIN/common/rings" setup 2
	only_counts rings.seen 2 rings.plain.too-many-rings 2 waits.plain.too-many-rings 6 \
		waits.plain.no-timeout 2
	REGWAIT=observe both "$BIN/common/rings" params 2
	counts waits.registered 0 waits.plain.observed 6
	REGWAIT=off both "$BIN/common/rings" params 2
	counts sites.patched 0
}

@test "a liburing newer than we know: without iowait, and looking" {
	newer
	REGWAIT_IOWAIT=off both "$BIN/common/rings" init 2
	counts rings.armed 2 waits.registered 4
	REGWAIT_SPIN=50 both "$BIN/common/rings" init 2
	counts rings.armed 2 waits.registered 4
}

@test "a liburing newer than we know: the bare enters that the program makes by its names" {
	local how
	newer
	for how in enter2 wait syscall; do
		both "$BIN/waits/zero" defer empty "$how"
		only_counts rings.seen 1 rings.armed 1 waits.registered 100
		REGWAIT_MAX_RINGS=0 both "$BIN/waits/zero" defer empty "$how"
		only_counts rings.seen 1 rings.plain.too-many-rings 1 waits.plain.too-many-rings 100
	done
}

@test "liburing 2.2: its waits are registered" {
	plan "$OLD/liburing.so.2"
	both "$BUILT/integration/liburing/old"
	counts rings.armed 2 rings.plain.liburing 0 waits.plain.liburing 0
	(($(count waits.registered)))
}

@test "a liburing newer than we know: a library's constructor calls it before it is patched" {
	newer
	both "$BIN/liburing/with_early"
	only_counts rings.seen 1 rings.armed 1 waits.registered 2 waits.polled 1 waits.plain.no-timeout 1
}

@test "a liburing that was loaded at the start, and whose functions are looked up" {
	local liburing
	liburing=$(ldd "$BUILT/cli/waiter" | awk '/liburing/ { print $3 }')
	plan "$liburing"
	BEHIND=$liburing both "$BIN/names/by_handle" handle liburing.so.2
	counts rings.armed 1 waits.registered 1
	# What something needs by its names is reached so.
	both "$BIN/names/optional-linked"
	counts sites.patched 0
}

@test "a liburing newer than we know, which another preload wraps, stays with that" {
	newer
	BEHIND=$TOOLS/wrap.so shim "$BIN/common/rings" init 2
	[[ $rc == 0 ]]
	counts sites.patched 0 waits.registered 0
	(($(count sites.left.by-symbols)))
}

@test "regwait run --sites makes the plan of a liburing newer than we know" {
	newer
	unset REGWAIT_SITES
	export XDG_CACHE_HOME=$OUT/cache
	rc=0
	"$CLI" run --require "$BIN/common/rings" init 1 >"$OUT/out" 2>&1 || rc=$?
	[[ $rc == 3 ]]
	"$CLI" run --sites --require --stats "$BIN/common/rings" init 1 >"$OUT/out" 2>&1
	grep -Eq '^  waits.registered +2$' "$OUT/out"
}

@test "what the kernel refuses as a registered wait is made as the program made it" {
	newer
	both "$BIN/sites/replaced"
	counts waits.registered 2 waits.plain.unseen 3
}
