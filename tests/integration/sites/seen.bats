#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154 # lib/integration.bash sets rc
# What a user sees of patched sites: in a debugger, a core dump, a profile, a trace; and where nothing
# is patched.

load ../../lib/integration

setup() {
	programs_setup
	"$CLI" sites /bin/true >/dev/null 2>&1 || skip "there is no decoder"
	K=$BIN/sites/keeps
	W=$BUILT/cli/waiter-builtin
	PLANS=$OUT/plans
	mkdir "$PLANS"
	"$CLI" sites --write "$PLANS" "$K" "$W" >"$OUT/sites"
	export REGWAIT_SITES=$PLANS
}

# debug PROGRAM ARGUMENTS COMMAND...: what gdb says, in $OUT/gdb.
debug() {
	local program=$1 arguments=$2 command commands=()
	shift 2
	need_tool gdb
	for command; do
		commands+=(-ex "$command")
	done
	gdb -batch -ex 'set confirm off' -ex 'set breakpoint pending on' \
		-ex "set environment LD_PRELOAD $SHIM" -ex "set environment REGWAIT_SITES $PLANS" \
		-ex 'break main' -ex "run $arguments" "${commands[@]}" "$program" >"$OUT/gdb" 2>&1 \
		</dev/null || true
	! grep -q 'Breakpoint 1, main' "$OUT/gdb" || return 0
	gdb -batch -ex 'break main' -ex run -ex kill "$program" >"$OUT/alone" 2>&1 </dev/null || true
	grep -q 'Breakpoint 1, main' "$OUT/alone" || skip "gdb cannot run a program here"
	cat "$OUT/gdb"
	return 1
}

# said REGEX: that gdb did.
said() {
	grep -Eq -e "$1" "$OUT/gdb" || { cat "$OUT/gdb"; return 1; }
}

@test "gdb finds the program's functions behind a wait" {
	debug "$W" 2 'catch syscall 426' c c c c bt
	said '^#0 .* site_entry'
	said '^#[1-3] .*_io_uring_get_cqe'
	said '^#[2-9] .* main '
	debug "$K" once 'break site_rest' c bt
	said '^#1 .* site_entry'
	said '^#2 .* site_call'
}

@test "gdb finds them in a core dump" {
	debug "$W" 2 'catch syscall 426' c c c c "generate-core-file $OUT/core"
	gdb -batch -ex bt "$W" "$OUT/core" >"$OUT/gdb" 2>&1 </dev/null
	said '^#0 .* site_entry'
	said '^#[2-9] .* main '
}

@test "gdb stops before and behind a site, and single steps through it" {
	# gdb's own language.
	# shellcheck disable=SC2016
	printf '%s\n' 'set $steps = 0' 'while $pc != (long)&site_behind' stepi \
		'set $steps = $steps + 1' end 'print $steps' >"$OUT/steps"
	debug "$K" once 'break site_behind' c 'print site_in[0]' 'delete 2' 'break site_call' c \
		"source $OUT/steps" delete c
	said '^[$]1 = 425'
	# From the first instruction before the site to behind the wait, with all that is ours.
	said '^[$]2 = [0-9]{3,}'
	said '^0 differences'
}

@test "a breakpoint within a run, set before the start, makes the plan unfit" {
	debug "$K" once 'break *(long)&site_run' run c delete c
	said '^0 differences'
	debug "$K" once delete c
	said '^0 differences'
}

@test "a profile has the program's functions behind a wait" {
	need_tool perf
	env LD_PRELOAD="$SHIM" perf record -o "$OUT/data" -e cpu-clock -g "$W" 50000 >"$OUT/perf" 2>&1 ||
		skip "nothing can be profiled here"
	perf script -i "$OUT/data" 2>/dev/null | grep -A 1 ' site_entry+' | grep -q _io_uring_get_cqe
}

@test "strace shows the calls that the program makes, each once" {
	need_tool strace
	calls() {
		env "$@" strace -f -qq -e trace=io_uring_enter,sched_yield,prctl -o "$OUT/trace" \
			"$K" once >/dev/null
		sed -E 's/^[0-9]+ +([a-z_]+).*/\1/' "$OUT/trace" | sort | uniq -c
	}
	# Without what finds out for the first time whether a pointer can be read, or a mask be used.
	calls A=B >"$OUT/without"
	calls LD_PRELOAD="$SHIM" >"$OUT/with"
	diff <(grep -v enter "$OUT/without") <(grep -v enter "$OUT/with")
	env LD_PRELOAD="$SHIM" strace -f -qq -e trace=io_uring_enter -o "$OUT/trace" "$W" 20 >/dev/null
	[[ $(wc -l <"$OUT/trace") == 20 ]]
	none 'EFAULT|EINVAL' "$OUT/trace"
}

# patching PROGRAM ARGUMENT: how many system calls that takes, from the first to the last.
patching() {
	env LD_PRELOAD="$SHIM" strace -qq -o "$OUT/trace" "$@" >/dev/null
	# The directory of plans is opened first and closed last.
	awk '/\/proc\/self\/task/ { n = 1 } n { n++ } /^openat.*plans"/ { fd = $NF }
		n && $0 ~ "^close\\(" fd "\\)" { print n - 1; exit }' "$OUT/trace"
}

@test "patching takes 30 system calls at most, as many for 50 sites as for 2" {
	local many few
	need_tool strace
	many=$(patching "$W" 1)
	few=$(patching "$K" once)
	echo "$many and $few"
	# A plan is opened, read and closed, code is changed, plans are looked for of each library.
	((few > 10 && few <= 30))
	# One of these two is linked with a library more.
	((many - few <= 2 && few - many <= 2))
	(($("$CLI" sites "$W" | awk '/can be patched/ { print $(NF - 2) }') > 30))
}

@test "valgrind finds nothing to complain of" {
	need_tool valgrind
	plain "$W" 20
	shim valgrind -q --error-exitcode=9 "$W" 20
	[[ $(<"$OUT/shim.rc") == 0 ]]
	diff "$OUT/plain.out" "$OUT/shim.out"
}

@test "a privileged program is not patched, even if it is linked with the library" {
	local room as
	need_root
	open_room
	as=(setpriv --reuid=12345 --regid=12345 --clear-groups)
	cp "$SHIM" "$OPEN/libregwait.so"
	cp -r "$PLANS" "$OPEN/plans"
	chmod 755 "$OPEN/plans"
	cc -o "$OPEN/linked" "$TOP/tests/integration/sites/programs/keeps.c" -I"$TOP/tests/lib/include" \
		-D_GNU_SOURCE -Wl,--no-as-needed "$OPEN/libregwait.so" -Wl,-rpath,"$OPEN"
	"$CLI" sites --write "$OPEN/plans" "$OPEN/linked" >"$OUT/sites"
	room=(env REGWAIT_SITES="$OPEN/plans" REGWAIT_LOG=info "$OPEN/linked" once)
	"${as[@]}" "${room[@]}" >"$OUT/out" 2>"$OUT/err"
	grep -q '2 sites patched' "$OUT/err"
	chmod u+s "$OPEN/linked"
	"${as[@]}" "${room[@]}" >"$OUT/privileged.out" 2>"$OUT/privileged.err"
	[[ ! -s $OUT/privileged.err ]]
	# PR_GET_DUMPABLE, by the kernel.
	diff <(sed 's/^prctl: .*/prctl/' "$OUT/out") <(sed 's/^prctl: .*/prctl/' "$OUT/privileged.out")
}

# A shadow stack holds return addresses only: whatever returns must have been called.
@test "by the code: nothing returns into the program, and jumps there need no landing pad" {
	need_tool objdump
	objdump -d --no-show-raw-insn "$SHIM" | sed -n '/<site_entry>:$/,/^$/p' >"$OUT/code"
	grep -Eq '(call|bl) ' "$OUT/code"
	none '[[:space:]]ret' "$OUT/code"
	[[ $(uname -m) == x86_64 ]] || return 0
	none '(call|jmp) +\*' <(grep -v notrack "$OUT/code")
	[[ $(grep -c 'call ' "$OUT/code") == "$(grep -c 'call .*<site_\(decide\|rest\)>' "$OUT/code")" ]]
}
