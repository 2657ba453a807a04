#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2034,SC2154 # lib/integration.bash reads and sets these
# REGWAIT_STATS and REGWAIT_LOG: where they write, and that they do no harm.

load ../../lib/integration

setup() {
	programs_setup
	need_registered_waits
}

# A block as documented: these lines in this order, then reasons, each a key and a value.
is_block() {
	diff <(printf '%s\n' regwait.version process.pid process.name mode rings.seen rings.armed) \
		<(cut -d' ' -f1 "$1" | head -n 6)
	for key in waits.registered waits.polled waits.answered; do
		grep -qxE "$key [0-9]+" "$1"
	done
	all '^[a-z]+(\.[a-z-]+)* [^ ]+$' "$1"
}

@test "REGWAIT_STATS=1: a block on standard error, nothing on standard output" {
	plain "$BIN/common/rings" init 2
	REGWAIT_STATS=1 shim "$BIN/common/rings" init 2
	diff "$OUT/plain.out" "$OUT/shim.out"
	is_block "$OUT/shim.err"
	grep -qx 'process.name rings' "$OUT/shim.err"
	grep -qx 'mode on' "$OUT/shim.err"
	[ "$(count rings.armed "$OUT/shim.err")" = 2 ]
}

@test "no REGWAIT_STATS, or an empty one: nothing" {
	plain "$BIN/common/rings" init 1
	REGWAIT_STATS='' shim "$BIN/common/rings" init 1
	same
	run_in shim env LD_PRELOAD="$SHIM" "$BIN/common/rings" init 1
	same
}

@test "a file: the block is appended, also by programs without rings" {
	file="$OUT/a file of counts"
	echo "what was there" >"$file"
	for n in 1 2; do
		REGWAIT_STATS=$file shim "$BIN/common/rings" init $n
	done
	REGWAIT_STATS=$file shim true
	[ "$(head -n 1 "$file")" = "what was there" ]
	[ "$(grep -c '^regwait.version ' "$file")" = 3 ]
	[ "$(count rings.armed "$file")" = 3 ]
	grep -qx 'process.name true' "$file"
}

@test "%p becomes the process id, wherever and however often it stands" {
	REGWAIT_STATS="$OUT/%p.a%pb%%" shim "$BIN/common/rings" init 1
	set -- "$OUT"/*.a*b%%
	[ "$#" = 1 ]
	pid=$(awk '$1 == "process.pid" { print $2 }' "$1")
	[ "$1" = "$OUT/$pid.a${pid}b%%" ]
	is_block "$1"
}

@test "a forked child has its own file, and its own counts" {
	REGWAIT_STATS="$OUT/fork.%p" shim "$BIN/common/family" fork-own
	set -- "$OUT"/fork.*
	[ "$#" = 2 ]
	for file; do
		is_block "$file"
		[ "$(count rings.seen "$file")" = 1 ]
	done
}

@test "a file in a directory that is not there, or may not be written: one line says so" {
	plain "$BIN/common/rings" init 1
	for file in "$OUT/no/such/place" "$OUT"; do
		REGWAIT_STATS=$file shim "$BIN/common/rings" init 1
		diff "$OUT/plain.out" "$OUT/shim.out"
		diff "$OUT/plain.rc" "$OUT/shim.rc"
		[ "$(wc -l <"$OUT/shim.err")" = 1 ]
		grep -qF "$file" "$OUT/shim.err"
		# In a program without io_uring nothing is written, and nothing is harmed.
		REGWAIT_STATS=$file shim true
		[ "$rc" = 0 ]
	done
}

@test "a file's name can neither forge a line of the log nor send commands to the terminal" {
	REGWAIT_STATS=$OUT/none/$'x\ny\e[31m\xc2\x9b32m' run_in shim env LD_PRELOAD="$SHIM" true
	[ "$(wc -l <"$OUT/shim.err")" = 1 ]
	grep -q 'cannot write .*/none/x?y?\[31m??32m: No such file' "$OUT/shim.err"
}

@test "a file that can be opened but takes nothing: one line says so" {
	plain "$BIN/common/rings" init 1
	for file in /dev/full /proc/version; do
		[ "$(id -u)" = 0 ] || [ -w "$file" ] || continue
		REGWAIT_STATS=$file shim "$BIN/common/rings" init 1
		diff "$OUT/plain.out" "$OUT/shim.out"
		diff "$OUT/plain.rc" "$OUT/shim.rc"
		grep -qF "$file" "$OUT/shim.err"
	done
}

@test "an ordinary user without the right to write there" {
	[ "$(id -u)" = 0 ] || skip "only root can become another user"
	mkdir -m 700 "$OUT/closed"
	as_user 8388608 "$BIN/common/rings" init 1
	plain "${RUN[@]}"
	REGWAIT_STATS=$OUT/closed/stats shim "${RUN[@]}"
	diff "$OUT/plain.out" "$OUT/shim.out"
	diff "$OUT/plain.rc" "$OUT/shim.rc"
	grep -q 'Permission denied' "$OUT/shim.err"
}

@test "a full disk: the program ends as it would have" {
	plain "$BIN/common/rings" init 1
	REGWAIT_STATS=/dev/full shim "$BIN/common/rings" init 1
	diff "$OUT/plain.out" "$OUT/shim.out"
	diff "$OUT/plain.rc" "$OUT/shim.rc"
	# Standard error on a full disk as well.
	status=0
	env LD_PRELOAD="$SHIM" REGWAIT_STATS=1 REGWAIT_LOG=debug "$BIN/common/rings" init 1 \
		>"$OUT/shim.out" 2>/dev/full || status=$?
	[ "$status" = 0 ]
	diff "$OUT/plain.out" "$OUT/shim.out"
}

@test "a limit on file sizes: the program is not killed for our file" {
	plain "$BIN/common/rings" init 1
	status=0
	prlimit --fsize=0:0 env LD_PRELOAD="$SHIM" REGWAIT_STATS="$OUT/limited" "$BIN/common/rings" init 1 \
		> >(cat >"$OUT/pipe.out") || status=$?
	echo "exit status $status"
	[ "$status" = 0 ]
}

@test "standard error is closed: nothing goes elsewhere, nothing breaks" {
	plain "$BIN/common/rings" init 1
	status=0
	env LD_PRELOAD="$SHIM" REGWAIT_STATS=1 REGWAIT_LOG=debug REGWAIT_NONSENSE=1 \
		"$BIN/common/rings" init 1 >"$OUT/shim.out" 2>&- || status=$?
	[ "$status" = 0 ]
	# The ring itself has the descriptor 2 then: its number in the output is all that differs.
	diff <(sed 's/ fd .*//' "$OUT/plain.out") <(sed 's/ fd .*//' "$OUT/shim.out")
}

# Standard error is a pipe without a reader: writing to it would kill the program by SIGPIPE.
with_broken_stderr() {
	local status
	mkfifo "$OUT/pipe"
	# shellcheck disable=SC2094 # a reader, so that a writer can open it, and then none
	exec 7<>"$OUT/pipe" 8>"$OUT/pipe" 7<&-
	status=0
	env LD_PRELOAD="$SHIM" "$@" "$BIN/common/rings" init 1 >"$OUT/shim.out" 2>&8 7<&- || status=$?
	exec 8>&-
	rm "$OUT/pipe"
	echo "exit status $status"
	[ "$status" = 0 ]
	diff "$OUT/plain.out" "$OUT/shim.out"
}

@test "standard error is a broken pipe: statistics do not kill the program" {
	plain "$BIN/common/rings" init 1
	with_broken_stderr REGWAIT_STATS=1
}

@test "standard error is a broken pipe: the log does not kill the program" {
	plain "$BIN/common/rings" init 1
	with_broken_stderr REGWAIT_LOG=debug
}

@test "standard error is a broken pipe: a complaint does not kill the program" {
	plain "$BIN/common/rings" init 1
	with_broken_stderr REGWAIT_NONSENSE=1
}

@test "a file name of four kilobytes" {
	plain "$BIN/common/rings" init 1
	long=$OUT/$(printf 'x%.0s' {1..5000})
	REGWAIT_STATS=$long shim "$BIN/common/rings" init 1
	diff "$OUT/plain.out" "$OUT/shim.out"
	[ "$rc" = 0 ]
	# So long that only what %p expands to makes it too long.
	name=$OUT/$(printf '%%p%.0s' {1..1900})
	REGWAIT_STATS=$name shim "$BIN/common/rings" init 1
	diff "$OUT/plain.out" "$OUT/shim.out"
	[ "$rc" = 0 ]
}

@test "REGWAIT_LOG: each level tells more, on standard error only" {
	plain "$BIN/common/rings" init 2
	last=-1
	for level in none error info debug; do
		REGWAIT_LOG=$level shim "$BIN/common/rings" init 2
		diff "$OUT/plain.out" "$OUT/shim.out"
		[ "$rc" = 0 ]
		told=$(wc -l <"$OUT/shim.err")
		all '^regwait\[[0-9]+\]: .' "$OUT/shim.err"
		((told >= last))
		last=$told
	done
	grep -q 'ring [0-9]*: armed' "$OUT/shim.err"
	REGWAIT_LOG=error shim "$BIN/common/rings" init 2
	[ ! -s "$OUT/shim.err" ]
}

@test "REGWAIT_LOG=error tells what the kernel refuses, with the reason" {
	plain "$TOOLS/deny" register:34=EPERM -- "$BIN/common/rings" init 2
	REGWAIT_LOG=error shim "$TOOLS/deny" register:34=EPERM -- "$BIN/common/rings" init 2
	diff "$OUT/plain.out" "$OUT/shim.out"
	grep -q 'refused.*not permitted' "$OUT/shim.err"
	REGWAIT_LOG=error shim "$TOOLS/deny" register:12=EPERM -- "$BIN/common/rings" init 2
	grep -q 'refused to enable' "$OUT/shim.err"
}

@test "REGWAIT_LOG=debug says of every ring why it is not armed" {
	REGWAIT_LOG=debug shim "$BIN/common/rings" init 2 0x1
	[ "$(grep -c 'not armed, iopoll' "$OUT/shim.err")" = 2 ]
	REGWAIT_LOG=debug REGWAIT_MAX_RINGS=0 shim "$BIN/common/rings" init 2
	[ "$(grep -c 'not armed, too-many-rings' "$OUT/shim.err")" = 2 ]
}

@test "a program's name cannot forge lines in the statistics" {
	mkdir "$OUT/bin"
	forger=$OUT/bin/$(printf 'a b\nrings.armed 999')
	cp "$BIN/common/rings" "$forger"
	REGWAIT_STATS=$OUT/stats shim "$forger" init 1
	is_block "$OUT/stats"
	counts rings.armed 1
}
