#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2034,SC2154 # lib/integration.bash reads and sets these
# System call instructions of programs, patched as a plan says (REGWAIT_SITES).

load ../../lib/integration

setup() {
	programs_setup
	"$CLI" sites /bin/true >/dev/null 2>&1 || skip "there is no decoder"
	K=$BIN/sites/keeps
	PLANS=$OUT/plans
	mkdir "$PLANS"
	"$CLI" sites --write "$PLANS" "$K" >"$OUT/sites"
	export REGWAIT_SITES=$PLANS
}

plan_of() {
	echo "$PLANS"/*.sites
}

# left REASON [NUMBER]: nothing was patched, for that reason, and the program did not notice.
left() {
	counts sites.patched 0 "sites.left.$1" "${2:-2}" rings.seen 0
}

# bytes FILE OFFSET NUMBER: as a number, the lowest first.
bytes() {
	od -A n -t "u$3" -j "$2" -N "$3" "$1" | tr -d ' '
}

@test "all registers, the flags and the red zone are as after the system call" {
	both "$K"
	counts sites.patched 2 rings.armed 1 waits.registered 1536
	[[ $(tail -n 1 "$OUT/shim.out") == "0 differences" ]]
}

@test "the same in a storm of signals, whose handler waits" {
	both "$K" storm
	counts sites.patched 2
	(($(count waits.plain.nested)))
}

# stepped WHAT PARTS: with a signal at every instruction.
stepped() {
	local interrupt=$BIN/robust/interrupt
	plain "$interrupt" libregwait.so 1 1 "$K" steps "$1"
	shim "$interrupt" libregwait.so 1 1 "$K" steps "$1"
	[[ $(<"$OUT/plain.rc") != 77 ]] || skip "nothing may be traced here"
	diff "$OUT/plain.out" "$OUT/shim.out"
	diff "$OUT/plain.rc" "$OUT/shim.rc"
	[[ $(<"$OUT/shim.rc") == 0 ]]
	(($(sed -n 's/ parts$//p' "$OUT/shim.err") > $2))
}

@test "a signal at every instruction of a registered wait, whose handler waits" {
	stepped wait 180
}

@test "the same of a call that is passed on, of a close, and of another call" {
	stepped untimed 150
	stepped close 200
	stepped other 140
}

# bats test_tags=long
@test "the same of a wait that is polled" {
	stepped zero 400
}

# patched PROGRAM ARGUMENT...: without and with its calls patched, it says the same.
patched() {
	"$CLI" sites --write "$PLANS" "$BIN/sites/$1" >"$OUT/sites"
	both "$BIN/sites/$1" "${@:2}"
	[[ $(<"$OUT/plain.rc") != 77 ]] || skip "$(<"$OUT/plain.err")"
	[[ $(<"$OUT/shim.rc") == 0 ]]
	(($(count sites.patched)))
}

@test "who unwinds from within a wait finds the program's functions" {
	patched traces
	counts waits.registered 2
}

@test "a wait that was left by siglongjmp is not taken for one below the next" {
	patched left
	counts rings.armed 1 waits.plain.nested 0 waits.polled 4
	(($(count waits.registered) > 10))
}

@test "a wait within one that has not returned leaves the slot alone" {
	patched left within
	(($(count waits.plain.nested)))
}

@test "a wait with a mask is registered with it" {
	patched left masked
	(($(count waits.registered) > 1))
}

@test "in a sandbox nothing is registered" {
	patched left sandbox
	counts waits.registered 1 waits.plain.sandbox 1
}

@test "code that the program puts elsewhere and back stays patched" {
	patched moves huge
	counts waits.registered 2
}

@test "what the program drops of its code is as in its file, and waits go on" {
	patched moves dropped
	counts waits.registered 1
	patched moves forked
	counts waits.registered 2
}

@test "who judges calls by where they are made finds the site" {
	[[ $(uname -m) == x86_64 ]] || skip "elsewhere the site's own instruction is replaced"
	patched judged filter
	counts waits.registered 1 waits.plain.sandbox 1
	patched judged dispatch
	counts waits.registered 1 waits.plain.sandbox 1
}

@test "guarded code stays guarded" {
	patched guarded
}

@test "without REGWAIT_SITES, and with REGWAIT=off, nothing is opened, mapped or patched" {
	REGWAIT_SITES="" both "$K" once
	counts sites.patched 0 rings.seen 0
	need_tool strace
	REGWAIT=off LD_PRELOAD=$SHIM strace -f -o "$OUT/trace" "$K" once >"$OUT/off.out"
	none "$PLANS" "$OUT/trace"
	none 'mprotect.*PROT_WRITE[|]PROT_EXEC' "$OUT/trace"
	diff "$OUT/plain.out" "$OUT/off.out"
}

@test "a file of plans does as a directory; the first that fits is taken" {
	"$CLI" sites --write "$OUT/other" "$BUILT/cli/waiter-builtin" >"$OUT/sites"
	cat "$OUT/other" "$(plan_of)" >"$OUT/file"
	REGWAIT_SITES=$OUT/file both "$K" once
	counts sites.patched 2
}

@test "a plan for another program changes nothing, and is no fault" {
	"$CLI" sites --write "$OUT/other" "$BUILT/cli/waiter-builtin" >"$OUT/sites"
	REGWAIT_SITES=$OUT/other both "$K" once
	counts sites.patched 0 rings.seen 0
	none '^sites\.' "$OUT/stats"
}

@test "left: no plan can be read" {
	REGWAIT_SITES=$OUT/nowhere both "$K" once
	left no-plan 1
	mkfifo "$OUT/fifo"
	REGWAIT_SITES=$OUT/fifo both "$K" once
	left damaged 1
}

@test "left: others may write to the plan, or it is another's" {
	local plan
	plan=$(plan_of)
	chmod o+w "$plan"
	both "$K" once
	left untrusted 1
	chmod o-w,g+w "$plan"
	both "$K" once
	left untrusted 1
	chmod g-w "$plan"
	mv "$plan" "$OUT/real"
	ln -s "$OUT/real" "$plan"
	both "$K" once
	left untrusted 1
	need_root
	rm "$plan"
	mv "$OUT/real" "$plan"
	chown 12345 "$plan"
	both "$K" once
	left untrusted 1
}

@test "left: damaged plans, whatever byte is wrong" {
	local plan size at
	plan=$(plan_of)
	size=$(stat -c %s "$plan")
	cp "$plan" "$OUT/good"
	for at in 0 9 12 16 18 19 56 64 70 80 "$((size - 1))"; do
		cp "$OUT/good" "$plan"
		printf '\377' | dd of="$plan" bs=1 seek="$at" conv=notrunc status=none
		both "$K" once
		left damaged 1
	done
	head -c $((size - 1)) "$OUT/good" >"$plan"
	both "$K" once
	left damaged 1
	: >"$plan"
	both "$K" once
	left damaged 1
	# A file is refused as a whole, wherever the fault is.
	head -c $((size - 1)) "$OUT/good" | cat "$OUT/good" - >"$OUT/file"
	REGWAIT_SITES=$OUT/file both "$K" once
	left damaged 1
}

@test "left: the code is not the code that was analysed" {
	local at
	# One byte of a run differs, and the build id is the same: in mov \$426, %eax, or svc #0.
	cp "$K" "$OUT/changed"
	at=$(bytes "$(plan_of)" $((64 + 88)) 8)
	printf '\001' | dd of="$OUT/changed" bs=1 seek=$((at + 1)) conv=notrunc status=none
	cmp "$K" "$OUT/changed" && return 1
	both "$OUT/changed" once
	left bytes
}

@test "left: several threads, known to libc or not" {
	local BEHIND=$BIN/sites/before.so
	BEFORE=thread both "$K" once
	left threads 1
	BEFORE=clone both "$K" once
	left threads 1
	BEFORE=hidden both "$K" once
	left threads 1
}

@test "left: no memory within reach" {
	local BEHIND=$BIN/sites/before.so
	BEFORE=crowd both "$K" once
	left distance
}

@test "left: code must not change: a filter, PR_SET_MDWE, a seal" {
	local BEHIND=$BIN/sites/before.so why tried=0
	for why in filter mdwe seal; do
		BEFORE=$why shim "$K" once
		((rc != 77)) || continue
		BEFORE=$why both "$K" once
		left protected
		tried=$((tried + 1))
	done
	((tried))
}

@test "left: libc, and a liburing that is reached by its names" {
	local liburing
	liburing=$(ldd "$BUILT/cli/waiter" | awk '/liburing/ { print $3 }')
	"$CLI" sites --write "$PLANS" "$liburing" >"$OUT/sites"
	both "$BUILT/cli/waiter" 10
	counts sites.patched 0 waits.registered 10
	(($(count sites.left.by-symbols) > 10))
	"$CLI" sites "$(ldd "$BUILT/cli/waiter" | awk '/libc\.so/ { print $3 }')" >"$OUT/libc"
	grep -q 'can be patched *0 of' "$OUT/libc"
}

@test "why sites are left alone is told by REGWAIT_LOG" {
	REGWAIT_SITES=$OUT/nowhere REGWAIT_LOG=error shim "$K" once
	grep -q 'sites left alone, no-plan: ' "$OUT/shim.err"
	REGWAIT_LOG=info shim "$K" once
	grep -q 'keeps: 2 sites patched' "$OUT/shim.err"
}

@test "a file without a build id is known by its code" {
	need_tool objcopy
	objcopy --remove-section .note.gnu.build-id "$K" "$OUT/nameless"
	"$CLI" sites --write "$PLANS" "$OUT/nameless" >"$OUT/sites"
	[[ -e $(echo "$PLANS"/hash-*.sites) ]]
	both "$OUT/nameless" once
	counts sites.patched 2
}

# engine NAME: a program that is linked with a library with liburing inside.
engine() {
	rm -f "$PLANS"/*
	"$CLI" sites --write "$PLANS" "$BIN/names/engine-$1.so" >"$OUT/sites"
	both "$BIN/names/linked-$1"
	(($(count sites.patched) > 10))
}

@test "a library with liburing inside, whose names are exported" {
	engine builtin
	((!$(count waits.plain.unseen)))
	(($(count waits.registered)))
}

@test "in REGWAIT=observe and ab, too" {
	REGWAIT=observe both "$K" once
	counts sites.patched 2 waits.registered 0 observed.would-register 4
	REGWAIT=ab both "$K" once
	counts sites.patched 2
}

# bats test_tags=long
@test "the library by other compilers and with other optimisation" {
	local build cc flags b=$BATS_TEST_TMPDIR/build
	for build in 'gcc -O0' 'gcc -O3 -march=native' 'gcc -O2 -flto' 'clang -O2' 'clang -O0'; do
		read -r cc flags <<<"$build"
		command -v "$cc" >/dev/null || continue
		rm -rf "$b"
		make -s -j2 -C "$TOP" CC="$cc" CFLAGS="$flags" B="$b" "$b/libregwait.so"
		SHIM=$b/libregwait.so both "$K"
		counts sites.patched 2 waits.registered 1536
		SHIM=$b/libregwait.so both "$K" storm
	done
}
