#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Kernels without registered waits, or with filters that refuse what the shim asks: the program
# works as without it, and the reason is counted.

load ../../lib/integration

setup() {
	programs_setup
}

# How often the kernel was asked something, and in how many ways.
asked() {
	grep -c "$1" "$OUT/trace" || true
}


@test "kernel: without the region call, two rings of every creation are plain" {
	for how in init params setup; do
		both "$TOOLS/deny" register:34=EINVAL -- "$BIN/common/rings" $how 2
		only_counts rings.seen 2 rings.plain.kernel 2 waits.plain.kernel 6 waits.polled 2 waits.plain.no-timeout 2
	done
}

@test "kernel: a program that makes its rings disabled gets the same reason" {
	# One wait more for each ring: the one while it is disabled, which says so.
	for how in disabled setup-disabled; do
		both "$TOOLS/deny" register:34=EINVAL -- "$BIN/common/rings" $how 2
		counts rings.seen 2 rings.plain.kernel 2 waits.plain.kernel 6 waits.polled 2 waits.plain.disabled 2
	done
}

@test "kernel: is asked once for a hundred rings" {
	traced "$OUT/trace" "$TOOLS/deny" register:34=EINVAL -- "$BIN/common/rings" init 100
	counts rings.plain.kernel 100 rings.armed 0
	[ "$(asked 'io_uring_register.*EINVAL')" = 1 ]
	# One ring was created disabled to ask; all others are made as the program said.
	[ "$(asked 'io_uring_setup.*R_DISABLED')" = 1 ]
	[ "$(asked 'io_uring_setup(')" = 100 ]
}

@test "kernel: two threads that ask at the same time get the same reason" {
	# Each answer takes so long that all have asked before the first one is known.
	traced "$OUT/trace" -e inject=io_uring_register:delay_exit=300000 \
		"$TOOLS/deny" register:34=EINVAL -- "$BIN/kernel/at_once" 4
	[ "$(asked 'io_uring_register.*EINVAL')" -gt 1 ]
	counts rings.plain.kernel 4 rings.armed 0 rings.plain.region-refused 0
}

@test "kernel: is asked once where the program makes its rings disabled" {
	traced "$OUT/trace" "$TOOLS/deny" register:34=EINVAL -- "$BIN/common/rings" disabled 20
	counts rings.seen 20 rings.plain.kernel 20
	[ "$(asked 'io_uring_register.*EINVAL')" = 1 ]
}

@test "kernel: as old as 5.9, where a disabled ring is an unknown flag" {
	plain "$BIN/common/rings" params 3
	# What is refused, later liburings ask for once more, with an array.
	tries=1
	! grep -q 'array no' "$OUT/plain.out" || tries=2
	traced "$OUT/trace" -e inject=io_uring_setup:error=EINVAL:when=1..$tries "$BIN/common/rings" params 3
	same
	only_counts rings.seen 3 rings.plain.kernel 3 waits.plain.kernel 9 waits.polled 3 waits.plain.no-timeout 3
	[ "$(asked 'io_uring_setup.*R_DISABLED')" = $tries ]
	[ "$(asked 'io_uring_setup(')" = $((3 + tries)) ]
}

@test "region refused with EPERM: everything works, and it is asked once" {
	need_registered_waits
	for how in init params setup; do
		both "$TOOLS/deny" register:34=EPERM -- "$BIN/common/rings" $how 3
		only_counts rings.seen 3 rings.plain.region-refused 3 waits.plain.region-refused 9 waits.polled 3 \
			waits.plain.no-timeout 3
	done
	traced "$OUT/trace" "$TOOLS/deny" register:34=EPERM -- "$BIN/common/rings" init 20
	[ "$(asked 'io_uring_register.*EPERM')" = 1 ]
}

@test "region refused with EPERM on rings that the program made disabled" {
	need_registered_waits
	for how in disabled setup-disabled; do
		both "$TOOLS/deny" register:34=EPERM -- "$BIN/common/rings" $how 2
		counts rings.seen 2 rings.plain.region-refused 2 waits.plain.no-timeout 2
		# A wait while the ring is disabled has either reason, by what was known then.
		[ $(($(count waits.plain.region-refused) + $(count waits.plain.disabled))) = 8 ]
		counts waits.polled 2
	done
}

@test "region refused with ENOMEM: everything works, and memory may come back" {
	need_registered_waits
	for how in init params setup disabled setup-disabled; do
		both "$TOOLS/deny" register:34=ENOMEM -- "$BIN/common/rings" $how 2
		counts rings.seen 2 rings.plain.region-refused 2 waits.plain.region-refused 6 waits.polled 2
	done
	# The first ring that is refused says nothing about the others.
	plain "$BIN/common/rings" init 3
	traced "$OUT/trace" -e inject=io_uring_register:error=ENOMEM:when=1 "$BIN/common/rings" init 3
	same
	counts rings.seen 3 rings.plain.region-refused 1 rings.armed 2 waits.registered 4
}

@test "region refused on every second ring, by whatever error" {
	need_registered_waits
	for error in EFAULT E2BIG EBADF EINTR; do
		plain "$BIN/common/rings" params 4
		# Of the two calls for each ring the first is the region.
		REGWAIT_RINGFD=off traced "$OUT/trace" -e "inject=io_uring_register:error=$error:when=1+4" "$BIN/common/rings" params 4
		same
		counts rings.seen 4 rings.armed 2 rings.plain.region-refused 2
	done
}

@test "enabling refused: the ring is made again, plain, and looks as it would have" {
	need_registered_waits
	for error in EPERM EINVAL EBADFD; do
		for how in init params setup; do
			both "$TOOLS/deny" "register:12=$error" -- "$BIN/common/rings" $how 3
			only_counts rings.seen 3 rings.plain.enable-refused 3 \
				waits.plain.enable-refused 9 waits.polled 3 waits.plain.no-timeout 3
		done
	done
}

@test "enabling refused: tried once, and no descriptor is left open" {
	need_registered_waits
	traced "$OUT/trace" "$TOOLS/deny" register:12=EPERM -- "$BIN/common/rings" init 20
	[ "$(asked 'io_uring_register.*ENABLE_RINGS.*EPERM')" = 1 ]
	[ "$(asked 'io_uring_setup.*R_DISABLED')" = 1 ]
	[ "$(asked 'io_uring_setup(')" = 21 ]
	# The same numbers as without us: rings prints them.
	plain "$TOOLS/deny" register:12=EPERM -- "$BIN/common/rings" init 20
	same
}

@test "enabling refused to the program's own disabled ring: it is told, as without us" {
	need_registered_waits
	for how in disabled setup-disabled; do
		both "$TOOLS/deny" register:12=EPERM -- "$BIN/common/rings" $how 2
		grep -q 'make: EPERM' "$OUT/shim.out"
	done
}

@test "enabling refused once to the program's own disabled ring: it may try again" {
	need_registered_waits
	plain strace -qq -o /dev/null -e trace=io_uring_register \
		-e inject=io_uring_register:error=EPERM:when=1 "$BIN/kernel/enable_twice"
	# Under the shim the first such call is the region, the second enables.
	traced "$OUT/trace" -e inject=io_uring_register:error=EPERM:when=2 "$BIN/kernel/enable_twice"
	same
	counts rings.seen 1 rings.armed 1 waits.registered 2
}

@test "io_uring refused altogether: same error, same bytes in params and ring" {
	for error in EINVAL EPERM ENOMEM ENOSYS EMFILE; do
		for how in init params setup; do
			both "$TOOLS/deny" "setup=$error" -- "$BIN/common/rings" $how 2
			grep -q "make: $error" "$OUT/shim.out"
			counts rings.seen 0 rings.armed 0
		done
	done
}

@test "flags that no kernel knows, and entries that none takes: same error, same bytes" {
	for flags in 0x80000000 0x40000001 0x8 0x4002 0x1000000; do
		for how in init params setup; do
			both "$BIN/common/rings" $how 2 $flags
		done
	done
}

@test "IOPOLL: plain, with its reason" {
	need_registered_waits
	for how in init params setup; do
		both "$BIN/common/rings" $how 2 0x1
		counts rings.seen 2 rings.plain.iopoll 2 waits.plain.iopoll 8 rings.armed 0
	done
}

@test "IOPOLL made disabled by the program: plain, with its reason" {
	need_registered_waits
	both "$BIN/common/rings" disabled 2 0x1
	counts rings.seen 2 rings.plain.iopoll 2 rings.armed 0
}

@test "IOPOLL with SQPOLL: armed" {
	need_registered_waits
	for how in init params; do
		both "$BIN/kernel/sqpoll" $how 0x3
		counts rings.seen 1 rings.armed 1
		[ "$(count waits.registered)" -ge 1 ]
	done
}

@test "the same with the two newer liburings" {
	need_registered_waits
	for version in 2.9 2.15; do
		programs_setup $version
		both "$TOOLS/deny" register:34=EINVAL -- "$BIN/common/rings" init 2
		counts rings.plain.kernel 2 waits.plain.kernel 6 waits.polled 2
		both "$TOOLS/deny" register:34=EPERM -- "$BIN/common/rings" params 2
		counts rings.plain.region-refused 2 waits.plain.region-refused 6 waits.polled 2
		both "$TOOLS/deny" register:12=EPERM -- "$BIN/common/rings" setup 2
		counts rings.plain.enable-refused 2 waits.plain.enable-refused 6 waits.polled 2
		both "$TOOLS/deny" setup=EPERM -- "$BIN/common/rings" params 2
		both "$BIN/common/rings" params 2 0x1
		counts rings.plain.iopoll 2 waits.plain.iopoll 8
	done
}

@test "an enter that says 0, and nothing is there: the time is over" {
	need_registered_waits
	programs_setup 2.15
	both "$TOOLS/deny" enter=0 -- "$BIN/kernel/nothing"
	for settings in REGWAIT_IOWAIT=off REGWAIT_SPIN=50 REGWAIT_MAX_RINGS=0 \
		"REGWAIT_IOWAIT=off REGWAIT_MAX_RINGS=0" "REGWAIT_SPIN=50 REGWAIT_MAX_RINGS=0"; do
		# shellcheck disable=SC2086,SC2163 # several variables
		export $settings
		shim "$TOOLS/deny" enter=0 -- "$BIN/kernel/nothing"
		same
		unset "${!REGWAIT_@}"
	done
}
