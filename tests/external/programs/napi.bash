# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034,SC2154 # the variables of who sources this, and for him
# The server of liburing's example of a busy loop: it looks for a datagram with a timeout of zero, again
# and again, until it has answered all pings. Without the real-time priority that it asks for, which
# would leave nothing to others.

# shellcheck source=tests/external/programs/liburing.bash
. "$here/liburing.bash"
program=napi-busy-poll-server
load='answers 20000 pings, busily'
expects=polled

prepare() {
	build napi-busy-poll-server
	build napi-busy-poll-client
}

# Without CAP_SYS_NICE.
modestly=()
[ "$(id -u)" != 0 ] || modestly=(setpriv --bounding-set=-sys_nice --inh-caps=-sys_nice)

session() {
	local port
	port=$(free_port)
	begin "${modestly[@]}" \
		"$place/napi-busy-poll-server" -l -b -a 127.0.0.1 -p "$port" -n 20000
	ready holds "/proc/$pid/net/udp" "$(printf ':%04X 00000000:0000 07' "$port")"
	"${modestly[@]}" "$place/napi-busy-poll-client" -a 127.0.0.1 -p "$port" -n 20000 \
		>"$work/client" 2>&1 || wrong "the client ended with status $?"
	holds "$work/client" 'rtt.us. min/avg/max' || wrong "not all pings were answered"
	ends || wrong "it ended with status $?"
}
