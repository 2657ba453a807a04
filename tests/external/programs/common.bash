# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034,SC2154 # the variables of who sources this, and for him
# Sourced by session and measure, and by what they source, a program's file: how a program is started
# and ended, what it took of the processors, and how to wait for what it does.

# Processes that are to end with the session, by their ids: the program, and helpers of it.
pid='' started=()

# wrong TEXT...: the program did not do what it should.
wrong() {
	printf 'wrong: %s\n' "$*"
	exit 1
}

# until_true COMMAND...: fails if half a minute does not make it true.
until_true() {
	local tries
	for ((tries = 0; tries < 1200; tries++)); do
		! "$@" >/dev/null 2>&1 || return 0
		sleep 0.025
	done
	return 1
}

# holds FILE REGEX: the file is there and has a line like that.
holds() {
	grep -q -E -e "$2" "$1"
}

# listens PORT: somebody answers there.
listens() {
	(exec 3<>"/dev/tcp/127.0.0.1/$1")
}

# A port that nobody listens on, below those that the kernel gives out. pgagroal's buffer for one has
# room for four digits.
free_port() {
	local port
	while port=$((4000 + RANDOM % 6000)); listens "$port" 2>/dev/null; do :; done
	echo "$port"
}

# helper COMMAND...: something that the program needs beside it, and that ends with the session.
helper() {
	"$@" &
	started+=($!)
}

# begin COMMAND...: starts the program under test. What it prints is in $work/out; the file
# $work/times gets what times says at its end, of which the last line is the processor time of it and
# of the children that it waited for.
begin() {
	{
		status=0
		(echo "$BASHPID" >"$work/pid" && exec "$@" >"$work/out" 2>&1) || status=$?
		times >"$work/times"
		exit $status
	} 2>/dev/null &
	shell=$!
	until_true [ -s "$work/pid" ] || wrong "it was not started"
	pid=$(<"$work/pid")
}

# runs: the program has not ended.
runs() {
	kill -0 "$pid" 2>/dev/null
}

gone_or() {
	! runs || "$@"
}

# ready COMMAND...: waits until that is so, or the program has ended.
ready() {
	if ! until_true gone_or "$@" || ! runs; then
		tail -n 3 "$work/out"
		wrong "it does not come up"
	fi
}

# ends: waits until the program has ended; its exit status.
ends() {
	local status=0
	wait "$shell" || status=$?
	pid=
	return $status
}

# finish SIGNAL: ends the program; its exit status.
finish() {
	kill "-$1" "$pid"
	ends
}

# takes COMMAND...: the program under test ends by itself; its exit status.
takes() {
	begin "$@"
	ends
}

# Otherwise the shell prints for each that it was killed.
end_helpers() {
	{
		kill -KILL ${pid:+"$pid"} "${started[@]}" || true
		wait
	} 2>/dev/null
}

end_session() {
	end_helpers
	rm -rf "$work"
}
