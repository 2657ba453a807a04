#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2030,SC2031,SC2034,SC2154 # subshells; the helper sets them
# regwait run: signals, job control and streams are for the program as under env(1).

load ../lib/cli

setup() { tool_setup; }

teardown() { tool_teardown; }

# receiver PREFIX... [-- NUMBER]: a program that tells of every signal, run by PREFIX regwait run.
# Sets pid (the command) and program (what it runs).
receiver() {
	local prefix=()
	while (($#)) && [[ $1 != -- ]]; do
		prefix+=("$1")
		shift
	done
	# Emptied here: what is started may empty it later than we look for its first line.
	: >"$OUT/out"
	"${prefix[@]}" "$CLI" run --quiet -- "$BIN/signals" receive "${@:2}" >"$OUT/out" 2>"$OUT/err" 3>&- &
	pid=$!
	STARTED+=("$pid")
	until_true grep -q ready "$OUT/out"
	program=$(sed -n 's/^ready //p' "$OUT/out")
	STARTED+=("$program")
}

send() {
	"$BIN/signals" send "$@"
}

# got NUMBER [VALUE]: the receiver says so, once.
got() {
	until_true grep -qx "got $1${2:+ with $2}" "$OUT/out"
	[ "$(grep -cx "got $1.*" "$OUT/out")" = 1 ]
}

state_is() {
	[[ $(sed 's/.*) \(.\).*/\1/' "/proc/$1/stat" 2>/dev/null) == "$2" ]]
}

state_is_not() {
	[ -e "/proc/$1" ] && ! state_is "$1" "$2"
}

@test "every signal that can be passed on is, and all else goes on" {
	receiver env
	for ((signal = 1; signal <= 64; signal++)); do
		case $signal in
		9 | 15 | 19) continue ;;	# KILL and STOP; TERM ends it
		esac
		send "$pid" $signal
		got $signal
	done
	send "$pid" 15
	rc=0
	wait "$pid" || rc=$?
	ended 5
}

@test "what is sent along with a signal arrives with it" {
	receiver env
	send "$pid" 10 4711
	got 10 4711
	send "$pid" 40 -3
	got 40 -3
}

@test "signals that are blocked or ignored at the start are not lost" {
	for how in --block-signal=TERM --ignore-signal=TERM --block-signal=HUP --ignore-signal=HUP; do
		receiver env $how
		send "$pid" 1
		got 1
		send "$pid" 15
		rc=0
		wait "$pid" || rc=$?
		ended 5
	done
}

@test "the program inherits what is ignored and what is blocked" {
	for how in --ignore-signal=CHLD --ignore-signal=HUP,CHLD,RTMIN --ignore-signal=XFSZ \
		--block-signal=TERM,CHLD,USR1; do
		env $how "$CLI" run --quiet grep -E 'Sig(Ign|Blk|Cgt)' /proc/self/status >"$OUT/out"
		env $how grep -E 'Sig(Ign|Blk|Cgt)' /proc/self/status >"$OUT/plain"
		diff "$OUT/plain" "$OUT/out"
	done
}

@test "the exit status is known although children are ignored" {
	for status in 0 7; do
		rc=0
		env --ignore-signal=CHLD "$CLI" run --quiet sh -c "exit $status" || rc=$?
		ended $status
	done
	tool run --require true
	ended 3
}

@test "ends by every signal are told as they were" {
	for signal in 1 2 3 4 6 8 9 11 13 14 15 24 31 32 33 34 64; do
		rc=0
		"$CLI" run --quiet -- bash -c "exec '$BIN/signals' send \$\$ $signal" 2>"$OUT/err" || rc=$?
		ended $((128 + signal))
	done
}

@test "a signal that the program sends to its own group arrives once" {
	set -m
	receiver env -- 40
	set +m
	# The command has handled that signal before it passes this one on.
	send "$pid" 41
	got 41
	got 40
}

@test "a signal to the whole group arrives once, from a shell and from timeout" {
	set -m
	receiver env
	set +m
	for signal in 10 40 1; do
		for i in {1..20}; do
			"$BIN/signals" send "-$pid" $signal
		done
	done
	# The command has handled those signals before it passes this one on.
	send "$pid" 41
	got 41
	[ "$(grep -cx 'got 40' "$OUT/out")" = 20 ]
	send "$pid" 15
	# A signal to the command alone is still passed on.
	rc=0
	wait "$pid" || rc=$?
	ended 5
	# timeout sends it to the command, and to its group: two at the most, as without.
	: >"$OUT/out"
	timeout -s 40 1000 "$CLI" run --quiet -- "$BIN/signals" receive >"$OUT/out" 2>"$OUT/err" 3>&- &
	pid=$!
	STARTED+=("$pid")
	until_true grep -q ready "$OUT/out"
	program=$(sed -n 's/^ready //p' "$OUT/out")
	STARTED+=("$program")
	# As if the time were over.
	kill -ALRM "$pid"
	twice() { [ "$(grep -cx 'got 40' "$OUT/out")" -ge 2 ]; }
	until_true twice
	send "$(ps -o ppid= -p "$program")" 41
	got 41
	[ "$(grep -cx 'got 40' "$OUT/out")" = 2 ]
	send "$program" 15
	wait "$pid" || true
}

@test "who is told to end every process of a name, or of a group, ends each once" {
	set -m
	receiver env
	set +m
	pkill -40 -f "^$CLI run --quiet -- $BIN/signals receive$"
	got 40
	[ "$(pgrep -fc "^$CLI run --quiet -- $BIN/signals receive$")" = 1 ]
	# As systemd ends a unit: one process after the other.
	ps -o pid= --ppid "$pid" >"$OUT/children"
	# shellcheck disable=SC2046 # numbers
	kill -HUP "$pid" $(<"$OUT/children")
	send "$pid" 43
	got 43
	got 1
}

@test "an alarm that was set before reaches the program, and not the command" {
	command -v perl >/dev/null || skip "perl is not installed"
	rc=0
	perl -e 'alarm 3; exec @ARGV' "$CLI" run -- sleep 1000 2>"$OUT/err" || rc=$?
	ended $((128 + 14))
	said err 'sleep\['
}

@test "who kills the command kills the program" {
	receiver env
	kill -KILL "$pid"
	gone() { ! kill -0 "$program" 2>/dev/null; }
	until_true gone
}

@test "job control: it stops and goes on as the program does" {
	set -m
	"$CLI" run --quiet -- sleep 1000 2>"$OUT/err" 3>&- &
	pid=$!
	set +m
	STARTED+=("$pid")
	child() { program=$(pgrep -P "$pid" -x sleep); }
	until_true child
	STARTED+=("$program")
	for signal in TSTP STOP TTIN; do
		# The program is stopped, or the command is told to stop.
		for whom in "$program" "$pid"; do
			[ "$signal $whom" != "STOP $pid" ] || continue
			kill -$signal "$whom"
			until_true state_is "$program" T
			until_true state_is "$pid" T
			kill -CONT "$pid"
			until_true state_is_not "$program" T
			until_true state_is_not "$pid" T
		done
		# Whoever continues the program does not know of the command.
		kill -$signal "$program"
		until_true state_is "$pid" T
		kill -CONT "$program"
		until_true state_is_not "$pid" T
	done
	kill -TERM "$pid"
	rc=0
	wait "$pid" || rc=$?
	ended 143
}

@test "who writes to the program, or reads from it, sees when it lets go" {
	mkfifo "$OUT/in" "$OUT/from"
	yes >"$OUT/in" 2>/dev/null 3>&- &
	writer=$!
	cat "$OUT/from" >/dev/null 3>&- &
	reader=$!
	"$CLI" run --quiet -- bash -c 'exec <&- >&-; sleep 1000' <"$OUT/in" >"$OUT/from" 2>"$OUT/err" 3>&- &
	pid=$!
	STARTED+=("$pid" "$writer" "$reader")
	ended_both() { ! kill -0 "$writer" 2>/dev/null && ! kill -0 "$reader" 2>/dev/null; }
	until_true ended_both
	kill -0 "$pid"
}

@test "closed standard streams stay closed" {
	for close in '<&-' '>&-' '2>&-' '<&- >&- 2>&-'; do
		for prefix in '' "$CLI run --quiet --"; do
			# shellcheck disable=SC2016 # for the shell that is run
			eval "$prefix bash -c 'for i in 0 1 2; do [ -e /proc/\$\$/fd/\$i ] || echo \$i; done \
				>\"\$0\"' '$OUT/closed${prefix:+.run}' $close" || true
		done
		diff "$OUT/closed" "$OUT/closed.run"
	done
}

@test "--exec: the process is the same one" {
	# shellcheck disable=SC2016 # for the shell that is run
	bash -c 'echo $$; exec "$@"' sh "$CLI" run --exec -- sh -c 'echo $$; echo $LD_PRELOAD' >"$OUT/out"
	[ "$(sed -n 1p "$OUT/out")" = "$(sed -n 2p "$OUT/out")" ]
	said out '/libregwait\.so$'
	tool run --exec /nonexistent/program
	ended 127
	misused run --exec --require true
}

# told PATTERN: the watcher has said this.
told() {
	until_true grep -qE -e "$1" "$OUT/err"
}

@test "--exec: the watcher tells, whatever ends the program, and holds nothing" {
	need_registered_waits
	unique_copy "$BIN/waiter"
	tool run --exec "$copy" 50
	ended 0
	told "^regwait: $name\[[0-9]+\]: .* registered 50,"
	tool run --exec --json --output "$OUT/told" sh -c "exec $copy 60"
	ended 0
	until_true grep -q registered "$OUT/told"
	[ "$(json told waits.registered)" = 60 ]
	silent err
	# A signal to the whole group, as a terminal or a supervisor sends it.
	: >"$OUT/err"
	setsid "$CLI" run --exec "$copy" 0 2>"$OUT/err" >"$OUT/out" 3>&- &
	pid=$!
	STARTED+=("$pid")
	until_true counted_some "$pid"
	kill -KILL -- "-$pid"
	rc=0
	wait "$pid" || rc=$?
	ended 137
	told "^regwait: $name\[$pid\]: rings 1"
	nothing_left "$name"
	# Who reads what the program writes sees its end, though the daemon that it leaves goes on.
	"$CLI" run --exec --output "$OUT/told" sh -c 'sleep 1000 >/dev/null 2>&1 3>&- & echo $!' >"$OUT/out" 3>&-
	kill "$(timeout 120 "$CLI" run --exec --output "$OUT/told" sh -c 'sleep 1000 >/dev/null 2>&1 3>&- & echo $!' 3>&- | cat)"
	kill "$(<"$OUT/out")"
}

@test "--exec: the program has no child and no signal that it would not have under env" {
	look=(grep -E 'Sig(Pnd|Blk|Ign|Cgt)|ShdPnd|^[0-9]' /proc/self/status /proc/thread-self/children)
	for how in '' --block-signal=CHLD --ignore-signal=CHLD; do
		# shellcheck disable=SC2086 # a word or none
		env $how "${look[@]}" >"$OUT/plain"
		# shellcheck disable=SC2086
		env $how "$CLI" run --exec "${look[@]}" >"$OUT/out" 2>"$OUT/err"
		diff "$OUT/plain" "$OUT/out"
		told '^regwait: '
	done
	ls /proc/self/fd >"$OUT/plain"
	"$CLI" run --exec ls /proc/self/fd >"$OUT/out" 2>"$OUT/err"
	diff "$OUT/plain" "$OUT/out"
}

@test "--exec as the first process of a container: nobody tells, and the program has no child" {
	need_root
	AS=(unshare --pid --fork --mount-proc)
	# shellcheck disable=SC2016 # for the shell that is run
	tool run --exec bash -c 'echo $$; cat /proc/$$/task/$$/children'
	ended 0
	[ "$(<"$OUT/out")" = 1 ]
	silent err
	tool run --exec --stats true
	ended 1
	said err 'orphans would become'
}

@test "--exec: waits are registered" {
	need_registered_waits
	REGWAIT_STATS=$OUT/stats tool run --exec --quiet "$BIN/waiter" 50
	ended 0
	silent err
	grep -q '^waits.registered 50$' "$OUT/stats"
}
