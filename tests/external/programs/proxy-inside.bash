# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034,SC2154 # the variables of who sources this, and for him
# The same proxy with liburing linked in: no symbol of it can be reached, only its system call
# instructions.

# shellcheck source=tests/external/programs/proxy.bash
. "$here/proxy.bash"

prepare() {
	build proxy "$liburing/lib/liburing.a"
	head -c 64M /dev/urandom >"$place/data"
	plan=$place/plan
	"$regwait" sites --write "$plan" "$place/proxy"
}

version() {
	printf "liburing %s's proxy, with liburing inside\n" "$(sed 's/-.*//' "$liburing/debian-version")"
}
