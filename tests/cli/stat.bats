#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2030,SC2031,SC2034,SC2143,SC2154 # subshells; the helper sets them
# regwait stat: counts of processes that run or were killed.

load ../lib/cli
load ../lib/stat

@test "the counts of a process grow" {
	begin "$BIN/waiter" 0 1000
	tool stat "$pid"
	ended 0
	silent err
	said out "^waiter\[$pid\]$"
	said out '^  mode +on$'
	said out '^  rings\.armed +1'
	tool stat --json "$pid"
	first=$(json out waits.registered)
	grown() {
		tool stat --json "$pid"
		[ "$(json out waits.registered)" -gt "$first" ]
	}
	until_true grown
	[ "$(json out alive)" = true ]
}

@test "without a process id it is among all" {
	begin "$BIN/waiter" 0 1000
	tool stat
	ended 0
	said out "^waiter\[$pid\]$"
	tool stat --json
	json out
	said out "\"pid\":$pid,"
}

@test "-i and -n: again, with rates" {
	begin "$BIN/waiter" 0 1000
	tool stat -i 0.2 -n 3 --json "$pid"
	ended 0
	[ "$(wc -l <"$OUT/out")" = 3 ]
	# Each takes a millisecond, or longer on a busy machine, where there may be none.
	sed -E 's/.*"waits.registered":([0-9]+).*("waits.registered.per_second":([0-9.]+)|$).*/\1 \3/' "$OUT/out" |
		awk 'NR > 1 && (NF < 2 || $2 > 1100 || ($1 > before) != ($2 > 0)) { print; bad = 1 }
			{ before = $1 } END { exit bad }'
}

# As if the processor had been taken away after each of the calls by which counts are read.
@test "rates are right where the reader is held up" {
	need_tool strace
	begin "$BIN/waiter" 0 1000
	for when in 1..30+3 2..30+3 3..30+3; do
		strace -o /dev/null -e trace=pread64 -e "inject=pread64:delay_exit=300000:when=$when" \
			"$CLI" stat -i 0.2 -n 4 --json "$pid" >"$OUT/out" 2>"$OUT/err"
		grep -o '"waits.registered.per_second":[0-9]*' "$OUT/out" | cut -d: -f2 >"$OUT/rates"
		[ "$(wc -l <"$OUT/rates")" = 3 ]
		cat "$OUT/rates"
		awk '$1 > 1100 { exit 1 }' "$OUT/rates"
	done
}

@test "-i: a row for each process and tick, in columns" {
	unique_copy "$BIN/waiter"
	begin "$copy" 0 1000
	other=$pid
	begin "$BIN/waiter" 0 1000
	tool stat -i 0.1 -n 12 "$pid"
	ended 0
	# A head of two lines, and as many rows; the numbers end where their heads end.
	[ "$(wc -l <"$OUT/out")" = 14 ]
	[[ $(head -n 1 "$OUT/out") =~ ^\ +-+rings-+\ -+waits\ per\ second-+$ ]]
	[[ $(sed -n 2p "$OUT/out") =~ ^\ +pid\ program\ +mode\ +made\ armed\ +reg\ +poll\ +answ\ plain\ \ mostly$ ]]
	# The first row's rate is since it began; in a tenth of a second on a busy machine there may be none.
	[ "$(grep -cE "^ *$pid waiter +on +1 +1 +[0-9]+ +0 +0 +0  -$" "$OUT/out")" = 12 ]
	sed -n 3p "$OUT/out" | grep -qE ' 1 +1 +[1-9][0-9]* +0 +0 +0  -$'
	column=$(sed -n 2p "$OUT/out" | grep -bo ' reg' | cut -d: -f1)
	awk -v at=$((column + 4)) 'NR > 2 && (substr($0, at, 1) !~ /[0-9]/ || substr($0, at + 1, 1) != " ") { exit 1 }' "$OUT/out"
	# All of them, and the head again after twenty rows.
	tool stat -i 0.02 -n 15
	said out "^ *$pid waiter"
	said out "^ *$other ${name:0:12} "
	[ "$(grep -c '^ *pid program' "$OUT/out")" -ge 2 ]
}

@test "-i ends with the process" {
	begin "$BIN/waiter" 0 1000
	"$CLI" stat -i 0.1 "$pid" >"$OUT/out" 2>"$OUT/err" 3>&- &
	looker=$!
	STARTED+=("$looker")
	until_true test -s "$OUT/out"
	kill -TERM "$pid"
	wait "$pid" || true
	rm -f "$PAGES/$NS-$pid"
	rc=0
	wait "$looker" || rc=$?
	ended 1
	[ "$(<"$OUT/err")" = "regwait stat: process $pid is gone" ]
}

@test "-i: a process that is killed, and leaves its page, has one more row" {
	begin "$BIN/waiter" 0 1000
	killed=$pid
	begin "$BIN/waiter" 0 1000
	"$CLI" stat -i 0.05 "$killed" >"$OUT/out" 2>"$OUT/err" 3>&- &
	looker=$!
	"$CLI" stat -i 0.05 >"$OUT/all" 2>/dev/null 3>&- &
	STARTED+=("$looker" "$!")
	until_true test -s "$OUT/out"
	until_true grep -qE "^ *$killed waiter +on" "$OUT/all"
	kill -KILL "$killed"
	wait "$killed" 2>/dev/null || true
	rc=0
	wait "$looker" || rc=$?
	ended 1
	[ "$(<"$OUT/err")" = "regwait stat: process $killed is gone" ]
	[ "$(grep -c gone "$OUT/out")" = 1 ]
	# Among all, too, while the other has ten more.
	until_true grep -qE "^ *$killed waiter +gone" "$OUT/all"
	before=$(grep -c "^ *$pid waiter" "$OUT/all")
	ten_more() { (($(grep -c "^ *$pid waiter" "$OUT/all") >= before + 10)); }
	until_true ten_more
	[ "$(grep -cE "^ *$killed waiter +gone" "$OUT/all")" = 1 ]
}

@test "Ctrl-C ends it, and leaves the process alone" {
	begin "$BIN/waiter" 0 1000
	env --default-signal=INT "$CLI" stat -i 0.1 "$pid" >"$OUT/out" 2>"$OUT/err" 3>&- &
	looker=$!
	STARTED+=("$looker")
	until_true test -s "$OUT/out"
	kill -INT "$looker"
	rc=0
	wait "$looker" || rc=$?
	ended 130
	[ -f "$PAGES/$NS-$pid" ]
	kill -0 "$pid"
}

@test "--openmetrics" {
	begin "$BIN/waiter" 0 1000
	tool stat --openmetrics "$pid"
	ended 0
	[ "$(tail -n 1 "$OUT/out")" = "# EOF" ]
	said out "^regwait_waits_total\{pid=\"$pid\",program=\"waiter\",outcome=\"registered\"\} [1-9]"
	said out '^regwait_rings_total\{.*outcome="armed"\} 1$'
	# Nothing but comments and samples.
	[ -z "$(grep -vE '^(# (TYPE|HELP|EOF)|regwait_[a-z_]+\{.*\} [0-9]+$)' "$OUT/out")" ]
	said out "^regwait_rings_without_iowait_total\{pid=\"$pid\",program=\"waiter\"\} 0\$"
	for outcome in spun spun_in_vain; do
		said out "^regwait_spins_total\{pid=\"$pid\",program=\"waiter\",outcome=\"$outcome\"\} 0\$"
	done
	tool stat --openmetrics
	ended 0
	[ "$(tail -n 1 "$OUT/out")" = "# EOF" ]
}

@test "why waits do not look before they sleep" {
	[[ $(uname -m) == x86_64 ]] || skip "waits look on x86-64 only"
	REGWAIT_SPIN=auto begin "$BIN/waiter" 0 1000
	unspun() { tool stat "$pid" && grep -q 'waits unspun' "$OUT/out"; }
	until_true unspun
	said out '^  waits unspun, auto +[1-9][0-9]* +auto has found sleeping cheaper'
	tool stat --openmetrics "$pid"
	said out "^regwait_spins_total\{pid=\"$pid\",program=\"waiter\",outcome=\"unspun\",reason=\"auto\"\} [1-9]"
}

@test "how many rings are kept out of iowait" {
	build build/tests/integration/iowait/waiters
	"$BUILT/integration/iowait/waiters" feature || skip "this kernel has no IORING_ENTER_NO_IOWAIT"
	REGWAIT_IOWAIT=off begin "$BIN/waiter" 0 1000
	tool stat "$pid"
	said out '^  rings\.no-iowait +1'
	tool stat --json "$pid"
	[ "$(json out rings.no-iowait)" = 1 ]
	tool stat --openmetrics "$pid"
	said out "^regwait_rings_without_iowait_total\{pid=\"$pid\",program=\"waiter\"\} 1\$"
}

@test "names that need escaping" {
	name=$'q"b\\s'
	cp "$BIN/waiter" "$OUT/$name"
	begin "$OUT/$name" 0 1000
	tool stat --openmetrics "$pid"
	said out 'program="q\\"b\\\\s"'
	tool stat --json "$pid"
	[ "$(json out program)" = "$name" ]
}

@test "counts survive kill -9, until --clean" {
	leave_page
	tool stat "$pid"
	ended 0
	said out "^waiter\[$pid\] \(gone\)$"
	tool stat --json "$pid"
	[ "$(json out alive)" = false ]
	[ "$(json out waits.registered)" -gt 0 ]
	tool stat --clean "$pid"
	ended 0
	[ ! -e "$PAGES/$NS-$pid" ]
	tool stat "$pid"
	ended 1
	said err "process $pid has no stats page"
}

@test "--clean leaves those that run" {
	begin "$BIN/waiter" 0 1000
	tool stat --clean "$pid"
	ended 0
	[ -f "$PAGES/$NS-$pid" ]
}

@test "--clean of all, for a user of our own" {
	need_root
	uid=$((43000 + RANDOM % 1000))
	as_uid "$uid"
	DIR=/dev/shm/regwait-$uid
	no_process
	install -d -m 700 -o $uid "$DIR"
	install -m 600 -o $uid /dev/null "$DIR/$NS-$FAKE"
	install -m 600 -o $uid /dev/null "$DIR/.$NS-$FAKE.$FAKE"
	install -m 600 -o $uid /dev/null "$DIR/.$NS-$$.$$"
	install -m 600 -o $uid /dev/null "$DIR/$NS-$$"
	install -m 600 -o $uid /dev/null "$DIR/notes"
	# In another PID namespace: it cannot be seen whether it still runs.
	install -m 600 -o $uid /dev/null "$DIR/1-$FAKE"
	install -m 600 -o $uid /dev/null "$DIR/.1-$FAKE.$FAKE"
	tool stat --clean
	ended 0
	# What belongs to a process that runs, or is none of ours, stays.
	diff <(printf '%s\n' ".$NS-$$.$$" "$NS-$$" "1-$FAKE" ".1-$FAKE.$FAKE" notes | sort) \
		<(find "$DIR" -type f -printf '%f\n' | sort)
}

@test "another user's process" {
	need_root
	begin "$BIN/waiter" 0 1000
	uid=$((45000 + RANDOM % 1000))
	as_uid "$uid"
	tool stat "$pid"
	ended 1
	said err "another user's"
	tool set "$pid" off
	ended 1
	said err "another user's"
	tool stat
	ended 1
	said err 'no process with a stats page'
}

@test "a daemon that became another user is found" {
	need_root
	begin "$BIN/waiter" 0 1000 47999
	[ "$(stat -c %u "/proc/$pid")" = 47999 ]
	tool set "$pid" off
	ended 0
	tool stat --json "$pid"
	[ "$(json out mode)" = off ]
	[ "$(json out alive)" = true ]
}

@test "a process without a page, and none at all" {
	no_process
	tool stat "$FAKE"
	ended 1
	silent out
	said err "process $FAKE has no stats page; start it with regwait run"
}

@test "who names regwait run is told of its program" {
	need_registered_waits
	"$CLI" run "$BIN/waiter" 0 1000 >/dev/null 2>&1 3>&- &
	looker=$!
	STARTED+=("$looker")
	program_counts() { pid=$(pgrep -P "$looker" -x waiter) && counted_some "$pid"; }
	until_true program_counts
	for command in "stat $looker" "set $looker off" "compare --attach $looker"; do
		# shellcheck disable=SC2086 # words
		tool $command
		ended 1
		silent out
		said err "process $looker has no stats page; process $pid, which it started, has one$"
	done
	kill -TERM "$looker"
	wait "$looker" || true
}
