#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The demo and the suites where the system lets nobody register waits: what needs that is shown and
# tested in a guest.

load ../../lib/integration
load ../../lib/machine

# How a container, a hardened system and an old kernel refuse.
NO_RINGS=(setup=EPERM enter=EPERM register=EPERM)
NO_IO_URING=(setup=ENOSYS enter=ENOSYS register=ENOSYS)
NO_REGION=(register:34=EINVAL)

setup() {
	programs_setup
	machine || skip "there are no guests of $MACHINE"
	cd "$TOP" || return
	# The runner that is tested must not know that it runs within another one.
	export CHECK_PLACE=$OUT/check
	unset CHECK_INSIDE DEMO_GUEST DEMO_ROUNDS
}

# checked RULE... -- ARGUMENT...: tests/check where that is refused. Sets rc, fills $OUT/out.
checked() {
	local rules=()
	while [[ $1 != -- ]]; do
		rules+=("$1")
		shift
	done
	shift
	rc=0
	"${ENV[@]}" "$TOOLS/deny" "${rules[@]}" -- tests/check "$@" >"$OUT/out" 2>&1 </dev/null 3>&- || rc=$?
}

said() {
	grep -qE -e "$1" "$OUT/out" && return 0
	echo "there is no line like: $1"
	cat "$OUT/out"
	return 1
}

# From here on, programs are found in a folder that has all that PATH has, but for one.
without_tool() {
	local dir
	mkdir "$OUT/bin"
	for dir in ${PATH//:/ }; do
		find -L "$dir" -maxdepth 1 -type f ! -name "$1" -exec ln -st "$OUT/bin" {} + 2>/dev/null || true
	done
	ENV=(env PATH="$OUT/bin")
}

# Instead of a guest, a command that prints what a guest would, line by line, from here.
pretended() {
	local newest=7.3
	[[ $MACHINE == amd64 ]] || newest+=-$MACHINE
	"$TOP/tests/external/kernels/vmlinuz" "$newest" >"$OUT/kernel" 2>&1 || skip "$(<"$OUT/kernel")"
	need_tool cpio
	need_tool busybox
	without_tool "$MACHINE_QEMU"
	printf '#!/bin/sh\ncat %q\n' "$OUT/guest" >"$OUT/bin/$MACHINE_QEMU"
	chmod +x "$OUT/bin/$MACHINE_QEMU"
	cat >"$OUT/guest"
}

# demonstrated [AS...] -- RULE...: the demo where that is refused.
demonstrated() {
	local as=()
	while [[ $1 != -- ]]; do
		as+=("$1")
		shift
	done
	shift
	rc=0
	"${as[@]}" "${ENV[@]}" "$TOOLS/deny" "$@" -- tests/demo/run >"$OUT/out" 2>&1 </dev/null 3>&- || rc=$?
	((rc != 77)) || [[ ${ENV[*]} ]] || skip "$(tail -n 3 "$OUT/out")"
}

# What the demo says of the guest, after it has said why it is one.
shown_in_guest() {
	if ((rc)); then
		cat "$OUT/out"
		return 1
	fi
	said '^Here no wait can be registered'
	said "$1"
	said '^With LD_PRELOAD=build/libregwait.so: the same output, to the last byte'
	said '^  echo_server  rings: [1-9]'
	said '^  +waits: [1-9][0-9]* registered'
	said '^  median instructions '
	said '^All of this was in the emulated machine'
	none 'SLOWER' "$OUT/out"
}

@test "what needs no wait is run here, what does in a guest, and the rest is named" {
	for way in NO_RINGS NO_IO_URING NO_REGION; do
		local -n ways=$way
		checked "${ways[@]}" -- --list '^cli/env$' '^integration/waits/signal$' '^instructions$'
		((rc == 0))
		said '^Here no wait can be registered: '
		said '^cli/env .* bats '
		said '^guest/1 .* tests/guest/run .* \^integration/waits/signal\$'
		said '^instructions +skipped: '
		none '^integration' "$OUT/out"
	done
}

@test "where waits can be registered, nothing is run in a guest" {
	need_registered_waits
	checked enter:9999=EINVAL -- --list
	((rc == 0))
	none 'guest|skipped' "$OUT/out"
}

@test "without a guest it is skipped by name, and nothing fails" {
	without_tool "$MACHINE_QEMU"
	checked "${NO_RINGS[@]}" -- '^units$' '^integration/waits/signal$' '^instructions$'
	((rc == 0)) || cat "$OUT/out"
	((rc == 0))
	said '^units +passed'
	said "^  integration/waits/signal +skipped: guest: $MACHINE_QEMU is not here"
	said '^1 passed, 0 failed, 2 skipped$'
}

@test "without a guest the demo says that it cannot show anything, and why" {
	local why='this kernel has no registered waits, .* Invalid argument'
	# Where no ring can be made anyway, that is the reason.
	"$TOOLS/can_register" >"$OUT/here" 2>&1 || why=$(<"$OUT/here")
	without_tool "$MACHINE_QEMU"
	demonstrated -- "${NO_REGION[@]}"
	((rc == 77))
	grep -qF -e "$why" "$OUT/out" || said "$why"
	said "^regwait: $MACHINE_QEMU: not found"
	none 'SLOWER|plain / shim' "$OUT/out"
}

@test "what fails in a guest fails, and is said again at the end" {
	pretended <<-'LINES'
		regwait: begin pretended
		integration/waits/slots            passed, 3 s, 9 tests
		    skipped: one of them: for a reason
		integration/waits/signal           FAILED (1), 3 s, 2 tests
		    1..2
		    ok 1 first
		    not ok 2 second

		failed: integration/waits/signal
		1 passed, 1 failed, 0 skipped
		regwait: end 1
	LINES
	checked "${NO_RINGS[@]}" -- '^integration/waits/signal$'
	((rc == 1))
	said '^  integration/waits/signal +FAILED'
	said '^      not ok 2 second'
	none '^ *integration/waits/slots' "$OUT/out"
	said '^failed: integration/waits/signal$'
	said '^0 passed, 1 failed, 0 skipped$'
}

@test "a guest that ends before its suites do is a failure of them" {
	pretended <<-'LINES'
		regwait: begin pretended
		integration/waits/signalled        passed, 3 s, 9 tests
		Kernel panic - not syncing
	LINES
	checked "${NO_RINGS[@]}" -- '^integration/waits/(signal|slots)$'
	((rc == 1))
	said '^  integration/waits/signal +FAILED: the guest ended'
	said '^ +Kernel panic'
	said '^0 passed, 2 failed, 0 skipped$'
}

# bats test_tags=long
@test "the demo where a filter refuses io_uring" {
	demonstrated -- "${NO_RINGS[@]}"
	shown_in_guest 'nobody may use io_uring here'
}

# bats test_tags=long
@test "the demo where the kernel does not know regions" {
	demonstrated -- "${NO_REGION[@]}"
	shown_in_guest 'this kernel has no registered waits'
}

# bats test_tags=long
@test "the demo where a filter hides io_uring, as an ordinary user" {
	local as=()
	if [[ $(id -u) == 0 ]]; then
		# A copy that is the user's.
		open_room
		invent_user
		mkdir -p "$OPEN/top/build/kernels"
		cp -r tests shim tools README.md Makefile "$OPEN/top"
		cp -r build/libregwait.* build/regwait* build/tests build/liburing "$OPEN/top/build"
		! ls build/kernels/*/vmlinuz >/dev/null 2>&1 ||
			cp -r --parents build/kernels/[0-9]*/{vmlinuz,package} "$OPEN/top"
		TOOLS=$OPEN/top/build/tests/integration/common
		chown -R "$AS_UID" "$OPEN/top"
		cd "$OPEN/top"
		as=(setpriv --reuid="$AS_UID" --regid="$AS_UID" --clear-groups --bounding-set=-all
			env HOME="$OPEN/top" TMPDIR=/tmp)
	fi
	demonstrated "${as[@]}" -- "${NO_IO_URING[@]}"
	shown_in_guest 'no io_uring, or a container'
}

# bats test_tags=long
@test "suites in a guest, where a filter refuses io_uring" {
	checked "${NO_RINGS[@]}" -- '^units$' '^cli/set$' '^integration/statistics/namespaces$'
	! grep -q 'skipped: guest:' "$OUT/out" || skip "$(grep 'skipped: guest:' "$OUT/out" | head -n 1)"
	((rc == 0)) || cat "$OUT/out"
	((rc == 0))
	said '^units +passed'
	said '^  cli/set +passed.* tests'
	said '^  integration/statistics/namespaces +passed.* tests'
	said '^2 of those that passed did so in a guest: '
	said '^3 passed, 0 failed, 0 skipped$'
}

# The sysctl is one for all of the machine, so it is set where nobody else is.
# bats test_tags=long
@test "the sysctl that forbids io_uring, in a guest that has no other in it" {
	rc=0
	tests/guest/run --log "$OUT/console" bash -c '
		echo 2 >/proc/sys/kernel/io_uring_disabled
		tests/check "^cli/numbers$" "^integration/waits/signal$" "^instructions$"
		echo "check: $?"
		tests/demo/run
		echo "demo: $?"' >"$OUT/out" 2>&1 </dev/null 3>&- || rc=$?
	((rc != 77)) || skip "$(<"$OUT/out")"
	said '^Here no wait can be registered: nobody may use io_uring here'
	said '^cli/numbers +passed'
	said "^  integration/waits/signal +skipped: guest: $MACHINE_QEMU is not here"
	said '^instructions +skipped: '
	said '^1 passed, 0 failed, 2 skipped$'
	said '^check: 0$'
	said '^demo: 77$'
	none 'SLOWER' "$OUT/out"
}
