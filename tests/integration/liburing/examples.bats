#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# liburing's own examples, from Debian's source package: a proxy whose event loop waits with a
# timeout, and the one that shows how to use registered waits.

load ../../lib/integration

setup() {
	local status=0
	DIR=$("$TOP/tests/fetch" liburing 2.15 2>"$BATS_TEST_TMPDIR/why") || status=$?
	((status == 0)) || skip "liburing 2.15: $(<"$BATS_TEST_TMPDIR/why")"
	cd "$BATS_TEST_TMPDIR"
}

teardown() {
	kill "${PROXY:-}" "${SINK:-}" 2>/dev/null || true
}

# example NAME [SOURCE]
example() {
	need_tool "${CC:-gcc}"
	"${CC:-gcc}" -D_GNU_SOURCE -O2 -isystem "$DIR/include" \
		-idirafter "$TOP/tests/lib/compat" -I "$DIR/src/examples" -o "$1" "${2:-$DIR/src/examples/$1.c}" \
		"$DIR/src/examples/helpers.c" "-L$DIR/lib" "-Wl,-rpath,$DIR/lib" -luring -pthread
}

# By either version of IP: busybox takes the sixth where it can.
listening() { grep -qE "$(printf ':%04X 0+:0000 0A' "$1")" /proc/net/tcp /proc/net/tcp6 2>/dev/null; }

# No connection to or from that port is open any more, on either side.
over() {
	! awk -v port="$(printf ':%04X ' "$1")" '
		index($2 " " $3 " ", port) && $4 ~ /^0[18]$/ { open = 1 }
		END { exit !open }' <(cat /proc/net/tcp /proc/net/tcp6 2>/dev/null)
}

# How often the proxy has gone to sleep.
slept() { cat "/proc/$PROXY"/task/*/status | awk '/^voluntary/ { n += $2 } END { print n }'; }

# A port below those that the kernel hands out, where nobody listens, and nor on the next.
free_port() {
	local port
	for ((port = 20000 + RANDOM % 12000; ; port++)); do
		listening "$port" || listening $((port + 1)) || break
	done
	echo "$port"
}

# Sends a file through the proxy; what it says, but for times and rates, goes to $1.said.
through_proxy() {
	local name=$1 in out before
	shift
	in=$(free_port)
	out=$((in + 1))
	busybox nc -l -p "$out" >"$name.got" &
	SINK=$!
	# The proxy connects there when it is connected to, and drops who it finds nobody for.
	until_true listening "$out"
	env "$@" ./proxy -m1 -d1 -t2000 -w4 -r "$in" -p "$out" -H 127.0.0.1 >"$name.raw" 2>&1 &
	PROXY=$!
	until_true listening "$in"
	busybox nc 127.0.0.1 "$in" <blob &
	until_true cmp -s blob "$name.got"
	until_true over "$in"
	until_true over "$out"
	# It waits two milliseconds at a time: what it did before that is done.
	before=$(slept)
	until_true eval '(($(slept) > before + 20))'
	kill -INT "$PROXY"
	wait "$PROXY" || true		# it ends by the signal
	sed -E "s/, msec=.*//; s/qps=[0-9]+//; s/$in|$out/PORT/g; /^\s*BW=|^Bandwidth|^Event loops/d" \
		"$name.raw" >"$name.said"
}

@test "proxy: the same bytes, the same words, and its waits are registered" {
	command -v busybox >/dev/null || skip "busybox is not installed"
	example proxy
	head -c 500000 /dev/urandom >blob
	through_proxy plain
	through_proxy shim "LD_PRELOAD=$SHIM" "REGWAIT_STATS=$PWD/stats"
	# How a stream is cut into receives is chance.
	diff <(grep -vE "rcv=|snd=" plain.said) <(grep -vE "rcv=|snd=" shim.said)
	grep -q 'in_bytes=500000' shim.said
	awk '$1 == "waits.registered" { n += $2 } $1 == "waits.plain.kernel" { n += $2 }
		END { exit !(n > 100) }' stats || { cat stats; false; }
}

@test "reg-wait: the registered waits of a program's own" {
	local status=0
	# It complains of a wait that takes longer than asked for, as it may on a busy machine.
	sed 's/msec > 1100/msec > 60000/; s/msec > 12/msec > 60000/' "$DIR/src/examples/reg-wait.c" >reg-wait.c
	[ "$(grep -c 'msec > 60000' reg-wait.c)" = 2 ]
	example reg-wait reg-wait.c
	./reg-wait >plain 2>&1 || status=$?
	echo "exit status $status" >>plain
	status=0
	LD_PRELOAD=$SHIM ./reg-wait >shim 2>&1 || status=$?
	echo "exit status $status" >>shim
	diff plain shim
	grep -x 'exit status 0' plain
}
