#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2030,SC2031,SC2034,SC2143,SC2154 # subshells; the helper sets them
# regwait check: what it says of this system, of programs of every kind, and of processes.

load ../lib/cli

setup() {
	tool_setup
	need_registered_waits
}

teardown() { tool_teardown; }

# refused PATTERN ARGUMENT...: the diagnosis is "no", for that reason.
refused() {
	local pattern=$1
	shift
	tool check "$@"
	ended 1
	said out "^  no gain +.*($pattern)"
	said out '^  next +[a-z]'
}

@test "this system" {
	tool check
	ended 0
	silent err
	said out '^  kernel +[0-9]'
	said out '^  registered wait +yes'
	said out '^  waits without iowait +(yes \(with REGWAIT_IOWAIT=off\)|no .*6\.15)'
	said out '^  self-test +yes .*registered 1'
	said out '^  good '
	said out '^  next +regwait run --observe'
	[ -z "$(pages_of self-test)" ]
}

@test "a median lies in its interval, as both are printed" {
	local n='-?[0-9.]+'
	need_registered_waits
	for _ in 1 2 3; do
		tool check
		# Below zero where others took the processor while the plain waits were not measured.
		sed -nE "s/^  saved by .* ($n) ns per wait \\(median; 95 %: ($n) to ($n)\\)\$/\\1 \\2 \\3/p" \
			"$OUT/out" >"$OUT/savings"
		[ "$(wc -l <"$OUT/savings")" = 2 ]
		awk '$1 < $2 || $1 > $3 { exit 1 }' "$OUT/savings"
	done
}

@test "it was stopped and continued: that refuses nothing" {
	need_tool strace
	AS=(strace -qq -o "$OUT/trace" -e trace=io_uring_enter -e inject=io_uring_enter:error=EINTR:when=1..2)
	tool check
	ended 0
	[ "$(grep -c INJECTED "$OUT/trace")" = 2 ]
	said out '^  registered wait +yes'
}

@test "this system as JSON" {
	tool check --json
	ended 0
	[ "$(json out good)" = true ]
	[ "$(json out system registered_wait)" = true ]
	[ "$(json out system self_test)" = true ]
	build build/tests/integration/iowait/waiters
	[ "$(json out system no_iowait)" = \
		"$("$BUILT/integration/iowait/waiters" feature && echo true || echo false)" ]
	json out system saving_ns
}

@test "whether it can help to look before sleeping: not on one CPU, little under a quota" {
	[[ $(uname -m) == x86_64 ]] || skip "waits look on x86-64 only"
	AS=(taskset -c "$(taskset -cp $$ | sed 's/.*: \([0-9]*\).*/\1/')")
	tool check
	said out '^  looking before sleeping +no \(there is one CPU'
	AS=()
	(($(nproc) > 1)) || skip "there is one CPU"
	[[ $(id -u) == 0 ]] || skip "only root can show another cgroup"
	mkdir -p "$OUT/cgroup$(sed -n 's/^0:://p' /proc/self/cgroup)"
	echo "150000 100000" >"$OUT/cgroup/cpu.max"
	# shellcheck disable=SC2016
	AS=(unshare -m bash -c 'mount --bind "$0" /sys/fs/cgroup && exec "$@"' "$OUT/cgroup")
	tool check
	said out '^  looking before sleeping +yes \(REGWAIT_SPIN; but it takes its time from a quota of 1\.5 CPUs\)'
	echo "50000 100000" >"$OUT/cgroup$(sed -n 's/^0:://p' /proc/self/cgroup)/cpu.max"
	tool check
	said out '^  looking before sleeping +no \(REGWAIT_SPIN; but .* a quota of 0\.5 CPUs\)'
}

@test "the same under a quota of cgroups of version 1" {
	[[ $(uname -m) == x86_64 ]] || skip "waits look on x86-64 only"
	(($(nproc) > 1)) || skip "there is one CPU"
	[[ $(id -u) == 0 ]] || skip "only root can show another cgroup"
	mkdir -p "$OUT/cgroup/cpu/a/b"
	echo "9:cpuset,cpu,cpuacct:/a/b" >"$OUT/self"
	echo 120000 >"$OUT/cgroup/cpu/a/cpu.cfs_quota_us"
	echo 100000 >"$OUT/cgroup/cpu/a/cpu.cfs_period_us"
	echo -1 >"$OUT/cgroup/cpu/a/b/cpu.cfs_quota_us"
	echo 100000 >"$OUT/cgroup/cpu/a/b/cpu.cfs_period_us"
	# shellcheck disable=SC2016
	AS=(unshare -m bash -c 'mount --bind "$0/cgroup" /sys/fs/cgroup &&
		mount --bind "$0/self" "/proc/$$/cgroup" && exec "$@"' "$OUT")
	tool check
	said out '^  looking before sleeping +yes \(REGWAIT_SPIN; but .* a quota of 1\.2 CPUs\)'
	echo 50000 >"$OUT/cgroup/cpu/a/b/cpu.cfs_quota_us"
	tool check
	said out '^  looking before sleeping +no \(REGWAIT_SPIN; but .* a quota of 0\.5 CPUs\)'
	# A controller whose name only begins so.
	echo "9:cpuset,cpuacct:/a/b" >"$OUT/self"
	tool check
	unsaid out 'quota'
}

@test "what refuses io_uring is named, and the next command removes it" {
	build build/tests/integration/common/deny
	for rule in setup=EPERM setup=ENOSYS register:34=EPERM; do
		AS=("$BUILT/integration/common/deny" "$rule" --)
		refused 'a seccomp filter, as of a container or a service, refuses io_uring here'
		said out '^  next +.*(seccomp=unconfined|SystemCallFilter=@io-uring)'
	done
	AS=("$BUILT/integration/common/deny" register:34=EINVAL --)
	refused 'this kernel has no registered waits'
	as_other
	AS=(prlimit --memlock=4096 -- "${AS[@]}")
	refused "this user's locked memory is used up; its limit is 4096 bytes"
	said out '^  next +ulimit -l unlimited$'
}

@test "no colour where there is no terminal" {
	tool check
	[ "$(tr -d '\033' <"$OUT/out" | wc -c)" = "$(wc -c <"$OUT/out")" ]
}

@test "a program that can be reached" {
	tool check "$BIN/waiter"
	ended 0
	said out '^  imports timed waits +yes waiter$'
	said out '^  liburing +/.*liburing\.so'
	said out '^  good +.*only running it tells'
	said out "^  next +regwait run --observe .*/waiter'?$"
	tool check --json "$BIN/waiter"
	ended 0
	[ "$(json out program imports_timed)" = true ]
	[ "$(json out program static)" = false ]
}

@test "it is found in PATH" {
	PATH=$BIN:$PATH tool check waiter
	ended 0
	said out '^  imports timed waits +yes'
}

@test "a static one" {
	refused 'waiter-static is static' "$BIN/waiter-static"
}

@test "liburing linked in statically, where nothing can be said of instructions" {
	# A command and a library by themselves.
	cp "$CLI" "$SHIM" "$OUT"
	CLI=$OUT/regwait
	refused 'liburing linked in statically' "$BIN/waiter-builtin"
}

@test "one that does not use liburing" {
	refused 'does not use liburing' "$(command -v sleep)"
}

# What run finds, which check predicts: does the shim get into this copy?
reached() {
	tool run --require "$copy" 10
	ended 0
}

unreached() {
	tool run --require "$copy" 10
	ended 3
	said err 'the shim was not loaded'
}

@test "a setuid copy, run by its owner and by another, is judged as it is" {
	open_copy
	chmod u+s "$copy"
	tool check "$copy"
	ended 0
	said out '^  privileged +no \(set-user-ID .* this user gains nothing'
	reached
	as_other
	refused "$name has set-user-ID" "$copy"
	said out "^  next +ls -l .*/$name$"
	unreached
	AS=()
	# The same for root, with a file of another user.
	chown "$OTHER" "$copy"
	chmod u+s "$copy"
	refused "$name has set-user-ID" "$copy"
	unreached
}

@test "a setgid copy" {
	open_copy
	chmod g+s "$copy"
	tool check "$copy"
	ended 0
	reached
	as_other
	refused "$name has set-user-ID or set-group-ID" "$copy"
	unreached
}

@test "file capabilities" {
	need_root
	command -v setcap >/dev/null || skip "setcap is not installed"
	open_copy
	setcap cap_net_bind_service=ep "$copy" || skip "no capabilities on this file system"
	tool check "$copy"
	ended 0
	reached
	as_other
	refused 'file capabilities' "$copy"
	unreached
}

@test "another machine's" {
	cp "$BIN/waiter" "$OUT/foreign"
	# e_machine becomes that of System/390.
	printf '\026\000' | dd of="$OUT/foreign" bs=1 seek=18 conv=notrunc status=none
	refused 'another kind of machine' "$OUT/foreign"
	tool check --json "$OUT/foreign"
	[ "$(json out good)" = false ]
}

@test "a script is judged by what runs it" {
	printf '#! %s 5\n' "$BIN/waiter" >"$OUT/script"
	chmod +x "$OUT/script"
	tool check "$OUT/script"
	ended 0
	said out '^  script +/.*/script$'
	said out '^  run by +/.*/waiter$'
	said out "^  next +regwait run --children --observe $OUT/script$"
	printf '#!/bin/sh\ntrue\n' >"$OUT/script"
	refused 'script is run by [a-z]+, which has no timed waits of its own; .* starts' "$OUT/script"
	said out "^  next +regwait run --children --observe $OUT/script$"
	printf '#!/nonexistent/shell\n' >"$OUT/script"
	refused 'No such file' "$OUT/script"
	said out '/nonexistent/shell'
}

@test "a script that env finds the interpreter of" {
	install -m 755 /dev/null "$OUT/script"
	for words in waiter '-S waiter 5' '-S -u X waiter' '-S NAME=value waiter 5' \
		"-S -i PATH=$BIN waiter" '-vS -C / --unset=X -- waiter' '--split-string=waiter 5' \
		"-S 'waiter' \"5 6\"" '-S NAME=a\_waiter'; do
		echo "#!/usr/bin/env $words" >"$OUT/script"
		PATH=$BIN:$PATH tool check "$OUT/script"
		ended 0
		said out '^  run by +/.*/waiter$'
	done
	echo '#!/usr/bin/env waiter 5' >"$OUT/script"
	PATH=$BIN:$PATH refused 'env takes several words only behind -S' "$OUT/script"
	# Without -S it is one argument, of which env knows no option. With -i there is no PATH.
	echo '#!/usr/bin/env -i NAME=value waiter' >"$OUT/script"
	PATH=$BIN:$PATH refused 'env takes several words only behind -S' "$OUT/script"
	echo '#!/usr/bin/env -S -i waiter' >"$OUT/script"
	PATH=$BIN:$PATH refused 'waiter cannot be read: No such file' "$OUT/script"
	echo '#!/usr/bin/env no-such-interpreter' >"$OUT/script"
	refused 'no-such-interpreter cannot be read: No such file' "$OUT/script"
	echo '#!/usr/bin/env' >"$OUT/script"
	refused 'is run by env' "$OUT/script"
	echo '#!' >"$OUT/script"
	tool check "$OUT/script"
	ended 1
}

@test "what check says of a script, run does" {
	printf '#!/bin/bash\n%s 10\ntrue\n' "$BIN/waiter" >"$OUT/script"
	chmod +x "$OUT/script"
	tool run --observe --children "$OUT/script"
	said err 'observed\.would-register +10 '
	tool run --observe "$OUT/script"
	unsaid err 'observed\.would-register'
}

@test "a script that names itself" {
	printf '#!%s\n' "$OUT/script" >"$OUT/script"
	chmod +x "$OUT/script"
	refused 'symbolic links|[Tt]oo many' "$OUT/script"
}

@test "what is no program" {
	echo "$BIN/waiter 10" >"$OUT/text"
	refused 'is not a program' "$OUT/text"
	# As run does, by execvp(3).
	chmod +x "$OUT/text"
	refused 'text is no program, .* a shell runs it' "$OUT/text"
	tool run --children --observe "$OUT/text"
	said err 'observed\.would-register +10 '
	: >"$OUT/empty"
	refused 'is not a program' "$OUT/empty"
	head -c 100 "$BIN/waiter" >"$OUT/cut"
	tool check "$OUT/cut"
	ended 1
	mkfifo "$OUT/fifo"
	refused 'fifo' "$OUT/fifo"
	refused 'directory' "$OUT/"
}

@test "broken ELF headers" {
	for at in 32 40 54 56 58 60 62 64 96 104 152 160 200; do
		cp "$BIN/waiter" "$OUT/broken"
		printf '\377\377\377\377\377\377\377\377' |
			dd of="$OUT/broken" bs=1 seek=$at conv=notrunc status=none
		tool check "$OUT/broken"
		[ "$rc" -le 1 ] || ended 1
		said out '^Diagnosis'
	done
}

@test "a missing program" {
	tool check /nonexistent/program
	ended 1
	silent out
	said err '^regwait check: cannot find /nonexistent/program: No such file'
	tool check no-such-program-anywhere
	ended 1
	said err 'not in PATH'
}

@test "a dead process" {
	sleep 0 &
	pid=$!
	wait "$pid"
	tool check "$pid"
	ended 1
	said err "process $pid: there is none"
}

@test "a full /dev/shm is named, and not taken for a shim that does not work" {
	as_full
	tool check
	ended 0
	said out '^  self-test +what it did is not known: /dev/shm is full'
}

# limited COMMAND...: no file may grow. What is said passes through a pipe.
limited() {
	(ulimit -f 0; rc=0; "$CLI" "$@" || rc=$?; echo "status $rc") 2>&1 | cat >"$OUT/out"
}

@test "ulimit -f 0 ends nobody, and is named" {
	limited check
	said out '^  self-test +what it did is not known: files are limited to less'
	said out '^status 0$'
	limited run "$BIN/waiter" 10
	said out '^regwait: what was done is not known: files are limited to less'
	said out '^status 0$'
	: >"$OUT/file"
	limited run --output "$OUT/file" "$BIN/waiter" 10
	said out '^regwait run: cannot write .*file: File too large; ulimit -f limits'
	said out '^status 0$'
	limited compare --pairs 1 --report "$OUT/file" true
	said out '^regwait compare: cannot write .*file: File too large; ulimit -f limits'
	said out '^status 1$'
}

@test "Ctrl-C leaves nothing behind" {
	unique_copy "$CLI"
	ln -s "$SHIM" "$OUT/libregwait.so"
	for delay in 0.001 0.02 0.05 0.1 0.2; do
		setsid env --default-signal=INT "$copy" check >"$OUT/out" 2>"$OUT/err" 3>&- &
		pid=$!
		STARTED+=("$pid")
		sleep $delay
		kill -INT -- "-$pid" 2>/dev/null || true
		wait "$pid" || true
		nothing_left "$name"
	done
}

@test "another user's process" {
	need_root
	sleep 1000 3>&- &
	pid=$!
	STARTED+=("$pid")
	as_other
	tool check "$pid"
	ended 1
	said err 'Permission denied'
}
