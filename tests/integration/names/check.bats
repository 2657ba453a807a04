#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# regwait check: programs that can be reached, and those whose names only look like it.

load ../../lib/cli

setup() {
	tool_setup
	NAMES=$BUILT/integration/names
}

@test "a liburing of another name is reached" {
	tool check "$NAMES/linked-renamed"
	said out 'liburing +.*liburing-9c'
	unsaid out 'cannot be reached'
	said out '^ +good'
}

@test "liburing.a within a library of the program is reached by --sites at most; the library is named" {
	tool check "$NAMES/linked-builtin"
	said out 'cannot be reached|can be reached with --sites'
	said out 'engine-builtin\.so'
}

# Whether its own calls come through libc is not tested here.
@test "wrappers of a library's own are none of liburing's" {
	tool check "$NAMES/linked-wrappers"
	said out 'imports timed waits +no'
	said out 'imports bare enters +no'
}

@test "references to liburing's names without liburing are not reached" {
	tool check "$NAMES/optional"
	unsaid out '^ +good'
}
