#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2030,SC2031,SC2034,SC2143,SC2154 # subshells; the helper sets them
# regwait run: the program runs as without the command, and what is said afterwards is true.

load ../lib/cli

setup() { tool_setup; }

teardown() { tool_teardown; }

@test "waits are registered, and one line says so" {
	need_registered_waits
	unique_copy "$BIN/waiter"
	tool run "$copy" 50
	ended 0
	[ "$(<"$OUT/out")" = "figure: 50" ]
	said err "^regwait: $name\[[0-9]+\]: rings 1, armed 1; waits registered 50, polled 0"
	[ "$(wc -l <"$OUT/err")" = 1 ]
	nothing_left "$name"
}

@test "how many rings are kept out of iowait, where that is asked for" {
	need_registered_waits
	build build/tests/integration/iowait/waiters
	"$BUILT/integration/iowait/waiters" feature || skip "this kernel has no IORING_ENTER_NO_IOWAIT"
	AS=(env REGWAIT_IOWAIT=off)
	tool run "$BIN/waiter" 50
	ended 0
	said err '^regwait: waiter\[[0-9]+\]: rings 1, armed 1, without iowait 1; waits registered 50, '
	tool run --json "$BIN/waiter" 50
	[ "$(json err rings.no-iowait)" = 1 ]
	AS=(env REGWAIT_IOWAIT=off REGWAIT_MAX_RINGS=0)
	tool run "$BIN/waiter" 50
	said err ': rings 1, armed 0, without iowait 1; waits registered 0, '
}

@test "exit status, and ends by a signal" {
	for status in 0 1 2 7 77 126 127 255; do
		tool run --quiet sh -c "exit $status"
		ended $status
		silent err
	done
	for signal in TERM INT KILL SEGV; do
		tool run --quiet -- sh -c "kill -$signal \$\$"
		ended $((128 + $(kill -l $signal)))
	done
}

@test "a program that fails keeps its status under --require, unless nothing was registered" {
	need_registered_waits
	tool run --require --quiet "$BIN/waiter" 5
	ended 0
	tool run --require true
	ended 3
	said err 'no timed wait was registered'
	tool run --off --require "$BIN/waiter" 5
	ended 3
}

# sent SIGNAL: to the command alone, as a supervisor does it; the program must get it.
sent() {
	: >"$OUT/out"
	# What is started in the background ignores SIGINT, and under nohup SIGHUP, too.
	env --default-signal "$CLI" run --quiet -- bash -c \
		"trap 'echo got $1; kill \$!; exit 42' $1; sleep 1000 & echo ready; wait" \
		>"$OUT/out" 2>"$OUT/err" 3>&- &
	pid=$!
	STARTED+=("$pid")
	until_true grep -q ready "$OUT/out"
	kill -"$1" "$pid"
	rc=0
	wait "$pid" || rc=$?
	ended 42
	said out "^got $1$"
}

@test "signals are passed on" {
	for signal in TERM HUP USR1 USR2 ALRM INT QUIT; do
		sent $signal
	done
}

@test "signals that are ignored stay ignored" {
	tool run --quiet env --ignore-signal=HUP,INT true
	ended 0
	env --ignore-signal=HUP,INT "$CLI" run --quiet grep SigIgn /proc/self/status >"$OUT/out"
	env --ignore-signal=HUP,INT grep SigIgn /proc/self/status >"$OUT/plain"
	diff "$OUT/plain" "$OUT/out"
	"$CLI" run --quiet grep -E 'Sig(Ign|Blk|Cgt)' /proc/self/status >"$OUT/out"
	grep -E 'Sig(Ign|Blk|Cgt)' /proc/self/status >"$OUT/plain"
	diff "$OUT/plain" "$OUT/out"
}

@test "arguments are untouched" {
	arguments=('a b' '' "it's" '"quoted"' "\$HOME" '*' --json -- $'two\nlines' "\\")
	tool run --quiet -- printf '<%s>\n' "${arguments[@]}"
	ended 0
	diff <(printf '<%s>\n' "${arguments[@]}") "$OUT/out"
	tool run --quiet printf '<%s>\n' --stats -x
	diff <(printf '<%s>\n' --stats -x) "$OUT/out"
}

@test "standard input and output are the program's" {
	[ "$(echo text | "$CLI" run --quiet cat)" = text ]
	[ "$("$CLI" run true 2>/dev/null)" = "" ]
}

@test "what is preloaded already stays, and comes first" {
	# shellcheck disable=SC2016 # for the shell that is run
	show='echo "$LD_PRELOAD"'
	LD_PRELOAD=libm.so.6 tool run --quiet sh -c "$show"
	ended 0
	said out '^libm\.so\.6:/.*/libregwait\.so$'
	tool run --quiet sh -c "$show"
	said out '^/[^:]*/libregwait\.so$'
	shim=$(<"$OUT/out")
	LD_PRELOAD=$shim tool run --quiet sh -c "$show"
	[ "$(<"$OUT/out")" = "$shim" ]
	# A name that only begins like ours is another one.
	LD_PRELOAD=$shim.old tool run --quiet sh -c "$show"
	said out "^$shim.old:$shim$"
}

@test "--off registers nothing" {
	tool run --off "$BIN/waiter" 50
	ended 0
	said err 'waits registered 0, polled 0'
}

@test "--stats and --json" {
	need_registered_waits
	tool run --stats "$BIN/waiter" 50
	ended 0
	said err '^  rings\.seen +1'
	said err '^  waits\.registered +50'
	tool run --json "$BIN/waiter" 50
	[ "$(json err waits.registered)" = 50 ]
	[ "$(json err program)" = waiter ]
}

@test "--output: what is said goes to a file, and standard error is the program's alone" {
	need_registered_waits
	echo older >"$OUT/told"
	tool run --output "$OUT/told" sh -c "ls -l /proc/self/fd >&2; exec $BIN/waiter 50"
	ended 0
	[ "$(<"$OUT/out")" = "figure: 50" ]
	unsaid err 'regwait:|told'
	said told '^regwait: waiter\[[0-9]+\]: .* registered 50,'
	[ "$(wc -l <"$OUT/told")" = 1 ]
	tool run --json --output "$OUT/told" "$BIN/waiter" 50
	silent err
	[ "$(json told waits.registered)" = 50 ]
	tool run --output "$OUT/told" --stats "$BIN/waiter" 50
	said told '^  waits\.registered +50'
}

@test "--output: a file that cannot be opened costs no run; one that cannot be written is told of" {
	tool run --output "$OUT/none/told" touch "$OUT/ran"
	ended 1
	said err '^regwait run: .*/none/told: No such file'
	[ ! -e "$OUT/ran" ]
	tool run --output /dev/full "$BIN/waiter" 5
	ended 0
	said err '^regwait run: cannot write /dev/full: No space left'
	misused run --quiet --output "$OUT/told" true
}

@test "children are left alone, or covered" {
	need_registered_waits
	tool run sh -c "$BIN/waiter 50; true"
	ended 0
	said err 'no timed wait was seen; .*--children covers it'
	tool run --children sh -c "$BIN/waiter 50; true"
	ended 0
	said err 'waiter\[[0-9]+\]: .*registered 50'
	# What a program becomes is the same process.
	tool run sh -c "exec $BIN/waiter 50"
	said err 'registered 50'
}

@test "a static program runs, and the shim was not loaded" {
	tool run "$BIN/waiter-static" 5
	said out '^figure: 5$'
	ended 0
	said err 'the shim was not loaded into .*/waiter-static: waiter-static is static'
	tool run --require "$BIN/waiter-static" 5
	ended 3
}

# The exit status that env gives, with --exec as well.
as_env() {
	local status=0 how
	env "$@" >/dev/null 2>&1 || status=$?
	for how in '' --exec; do
		tool run $how -- "$@"
		ended $status
		silent out
	done
}

@test "a program that cannot be executed" {
	as_env /nonexistent/program
	said err '^regwait run: cannot run /nonexistent/program: No such file'
	# One that may not be searched makes it 126.
	PATH=/usr/bin:/bin as_env no-such-program-anywhere
	[ "$rc" = 127 ]
	: >"$OUT/file"
	as_env "$OUT/file"
	[ "$rc" = 126 ]
	said err 'Permission denied'
	as_env "$OUT"
	as_env "$OUT/file/below"
	echo '#!/nonexistent/shell' >"$OUT/file"
	chmod +x "$OUT/file"
	as_env "$OUT/file"
}

@test "another machine's program is not taken for a script" {
	cp "$BIN/waiter" "$OUT/foreign"
	printf '\026\000' | dd of="$OUT/foreign" bs=1 seek=18 conv=notrunc status=none
	"$OUT/foreign" 2>/dev/null && skip "this machine runs it"
	tool run "$OUT/foreign"
	ended 126
	said err 'cannot run .*: Exec format error'
	[ "$(wc -l <"$OUT/err")" = 1 ]
}

@test "a script without a first line is run, as by a shell" {
	# shellcheck disable=SC2016 # for the shell that runs it
	echo 'echo "$1"; exit 9' >"$OUT/script"
	chmod +x "$OUT/script"
	tool run --quiet "$OUT/script" 'a b'
	ended 9
	[ "$(<"$OUT/out")" = "a b" ]
}

@test "a setuid program of another user runs, and the shim was not loaded" {
	open_copy
	chmod u+s "$copy"
	as_other
	tool run "$copy" 5
	ended 0
	said out '^figure: 5$'
	said err "the shim was not loaded into .*/$name: $name has set-user-ID"
}

# interrupted WHOM: after Ctrl-C, the run ends as the program does, and nothing is left.
interrupted() {
	unique_copy "$BIN/waiter"
	setsid env --default-signal=INT "$CLI" run "$copy" 0 >"$OUT/out" 2>"$OUT/err" 3>&- &
	pid=$!
	STARTED+=("$pid")
	until_true pgrep -f "^$copy" >"$OUT/children"
	until_true counted_some "$(head -n 1 "$OUT/children")"
	kill -INT -- "$1$pid"
	rc=0
	wait "$pid" || rc=$?
	ended 130
	said err "^regwait: $name\[[0-9]+\]: rings 1"
	nothing_left "$name"
}

@test "Ctrl-C in the middle: the program ends, is told of, and nothing is left behind" {
	need_registered_waits
	interrupted -
	interrupted ''
}

@test "a full /dev/shm is named, and not taken for a shim that was not loaded" {
	as_full
	for mode in --off --ab --observe --children; do
		tool run $mode "$BIN/waiter" 5
		ended 0
		said out '^figure: 5$'
		said err '^regwait: what was done is not known: /dev/shm is full'
	done
	tool run --require "$BIN/waiter" 5
	ended 3
	said err 'no timed wait is known to have been registered'
}

@test "a page directory that is open to others is not used, and that is said" {
	open_copy
	as_other
	uid=$OTHER
	dir=/dev/shm/regwait-$uid
	for mode in 755 link other; do
		rm -rf "$dir"
		case $mode in
		755) install -d -m 755 -o "$uid" "$dir" ;;
		link) install -d -m 700 -o "$uid" "$OUT/elsewhere"; ln -s "$OUT/elsewhere" "$dir" ;;
		other) install -d -m 700 "$dir" ;;
		esac
		tool run "$copy" 5
		[ "$(find "$dir/" -type f | wc -l)" = 0 ] || { rm -rf "$dir"; echo "$mode"; return 1; }
		rm -rf "$dir"
		ended 0
		said err 'not a directory of one.s own'
	done
}

@test "the library is looked for beside the command" {
	cp "$CLI" "$OUT/regwait"
	CLI=$OUT/regwait tool run true
	ended 1
	said err 'libregwait.so is neither beside this command nor'
}
