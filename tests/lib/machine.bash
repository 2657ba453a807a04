# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034 # what is set here is used by those who load it
# Sourced: what differs between the processors that the tests know, by Debian's name of each: its
# compiler, and the machine that qemu emulates for a guest.

# machine [ARCHITECTURE]: sets the variables below for that one, or for this machine's. Fails where
# nothing is known of it but the names.
#   MACHINE           Debian's name
#   MACHINE_TRIPLET   the name of its folder of libraries
#   MACHINE_LOADER    its C library's loader
#   MACHINE_CC        a compiler for it, and MACHINE_CC_PACKAGES, where to get it
#   MACHINE_QEMU      its emulator, and MACHINE_QEMU_PACKAGE
#   MACHINE_ARGUMENTS for that: software emulation of one processor
#   MACHINE_CONSOLE   the kernel's name for the serial line
machine() {
	MACHINE=${1:-$(machine_here)}
	case $MACHINE in
	amd64)
		MACHINE_TRIPLET=x86_64-linux-gnu MACHINE_LOADER=/lib64/ld-linux-x86-64.so.2
		MACHINE_QEMU=qemu-system-x86_64 MACHINE_QEMU_PACKAGE=qemu-system-x86
		# Without cx16, and with one processor, because qemu 7.2 loses boots otherwise.
		MACHINE_ARGUMENTS=(-M q35 -cpu 'max,-cx16')
		MACHINE_CONSOLE=ttyS0
		;;
	arm64)
		MACHINE_TRIPLET=aarch64-linux-gnu MACHINE_LOADER=/lib/ld-linux-aarch64.so.1
		MACHINE_QEMU=qemu-system-aarch64 MACHINE_QEMU_PACKAGE=qemu-system-arm
		# It checks landing pads and return addresses; these by a cheap sum.
		MACHINE_ARGUMENTS=(-M virt -cpu 'max,pauth-impdef=on')
		MACHINE_CONSOLE=ttyAMA0
		;;
	*)
		MACHINE_TRIPLET=$MACHINE-linux-gnu MACHINE_LOADER=
		MACHINE_QEMU=qemu-system-$MACHINE MACHINE_QEMU_PACKAGE=qemu-system
		return 1
		;;
	esac
	MACHINE_ARGUMENTS+=(-smp 1 -accel 'tcg,thread=single')
	MACHINE_CC=$MACHINE_TRIPLET-gcc
	MACHINE_CC_PACKAGES="gcc-${MACHINE_TRIPLET//_/-} libc6-dev-$MACHINE-cross"
}

# This machine's, also where there is no dpkg, or nothing at all.
machine_here() {
	case $HOSTTYPE in
	x86_64) echo amd64 ;;
	aarch64) echo arm64 ;;
	*) echo "$HOSTTYPE" ;;
	esac
}

# The one that this machine can also build for.
machine_other() {
	[ "$(machine_here)" = arm64 ] && echo amd64 || echo arm64
}

# debian_here TOP: the release of Debian that this system is, whose libraries fit its compilers.
debian_here() {
	# shellcheck source=/dev/null
	(. /etc/os-release && "$1/tests/fetch" suites | grep -xF "${VERSION_CODENAME:-}") || echo sid
}
