# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034,SC2154 # the variables of who sources this, and for him
# The proxy of liburing's examples, between a client and an HTTP server. It waits for 8 completions,
# or a quarter of a millisecond. (With multishot receives, its default, it ends by an assertion of its
# own when the buffers are used up.)

# shellcheck source=tests/external/programs/liburing.bash
. "$here/liburing.bash"
program=proxy
load='passes 64 MiB on, 4 KiB at a time'
expects=registered

prepare() {
	build proxy
	head -c 64M /dev/urandom >"$place/data"
}

session() {
	local port
	helper "$top/build/tests/external/mpd/server" "$place/data" 2000000000 >"$work/port"
	until_true holds "$work/port" . || wrong "the HTTP server does not start"
	port=$(free_port)
	begin "$place/proxy" -m0 -B1 -b4096 -w8 -t250 -r "$port" -H 127.0.0.1 -p "$(<"$work/port")"
	ready holds "/proc/$pid/net/tcp" "$(printf ':%04X 00000000:0000 0A' "$port")"
	exec 3<>"/dev/tcp/127.0.0.1/$port"
	printf 'GET / HTTP/1.0\r\n\r\n' >&3
	sed '1,/^\r$/d' <&3 | cmp - "$place/data" || wrong "what it passed on is not what was sent"
	exec 3>&-
	# That is its exit status after SIGINT.
	finish INT || [ $? = 1 ] || wrong "it did not end as it should"
}
