# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034,SC2154 # the variables of who sources this, and for him
# Rust's crate io-uring, which enters by libc's syscall: a loop of NOPs with a timeout, that of make
# rust. The few lines of the loop are ours, the waits are not.

program=waits where=here
load='half a million NOPs, one at a time'
expects=registered

get() {
	"$top/tests/external/rust/build"
}

prepare() {
	:
}

version() {
	printf "a loop on Rust's io-uring %s\n" \
		"$(find "$top/build/rust/root/usr/share/cargo/registry" -name 'io-uring-*' | sed 's/.*-//')"
}

# It asserts that each completion is that of its NOP.
session() {
	takes "$top/build/rust/waits" 500000 || wrong "it ended with status $?"
}
