# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034,SC2154 # the variables of who sources this, and for him
# bfs, which finds files as find does. It imports a wait with a timeout, but never passes one.

program=bfs where=system
packages=bfs
load='lists /usr'
expects=untimed

prepare() {
	find /usr | sort >"$place/files"
}

version() {
	bfs --version | sed -n 1p
}

session() {
	takes bfs /usr || wrong "it ended with status $?"
	sort "$work/out" | cmp - "$place/files" || wrong "it found something else"
}
