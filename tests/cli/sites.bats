#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2154 # the helper sets them
# regwait sites, and what check, run and compare make of it.

load ../lib/cli

setup() {
	tool_setup
	"$CLI" sites /bin/true >/dev/null 2>&1 || skip "there is no decoder"
	export XDG_CACHE_HOME=$OUT/cache
	W=$BIN/waiter-builtin
}

teardown() { tool_teardown; }

# code NAME: a program of these lines of assembly, in one function main with an FDE.
code() {
	[ "$HOSTTYPE" = x86_64 ] || skip "this is code for x86-64"
	{
		printf '.globl main\n.type main, @function\nmain: .cfi_startproc\n'
		cat
		printf '.cfi_endproc\n.size main, . - main\n.section .note.GNU-stack,"",@progbits\n'
	} >"$OUT/$1.s"
	cc -o "$OUT/$1" "$OUT/$1.s"
}

# finds NAME REGEX: the one line of main's site.
finds() {
	tool sites "$OUT/$1"
	ended 0
	said out "$2"
}

@test "what would be replaced, or why nothing" {
	code near <<<'mov $426, %eax; syscall; ret'
	finds near '^  main\+[0-9]+ +io_uring_enter: replaces mov \$0x1AA, %eax$'
	code apart <<<'mov $426, %eax; xor %edx, %edx; mov 0xcc(%rdi), %edi; nop; syscall; ret'
	finds apart 'io_uring_enter: replaces mov 0xCC\(%rdi\), %edi$'
	code register <<<'mov %edi, %eax; mov $1, %esi; syscall; ret'
	finds register 'any call: replaces mov \$0x01, %esi$'
	code narrow <<<'mov %edi, %eax; xor %esi, %esi; syscall; ret'
	finds narrow 'any call: left alone: no instruction of 5 bytes or more'
	code four <<<'mov %edi, %eax; mov 8(%rdi), %rsi; syscall; ret'
	finds four 'any call: left alone: no instruction of 5 bytes or more'
	code branch <<<'mov $426, %eax; test %edi, %edi; jz 1f; nop; 1: syscall; ret'
	finds branch 'left alone: no instruction of 5 bytes or more'
	code called <<<'mov $426, %eax; call 1f; 1: syscall; ret'
	finds called 'left alone: no instruction of 5 bytes or more'
	code joined <<<'test %edi, %edi; jz 1f; mov $426, %eax; 1: syscall; ret'
	finds joined 'replaces mov \$0x1AA, %eax \(jumps lead behind it, past us\)$'
}

@test "a number is believed if it is the same on every way" {
	# Copied together with the call: whoever jumps in between is not with us.
	code copied <<<'test %edi, %edi; jz 1f; mov $426, %eax; 1: syscall; ret'
	finds copied 'io_uring_enter: replaces'
	# Somebody comes with another number to what is copied.
	code before <<<'mov $1, %eax; test %edi, %edi; jz 1f; mov $39, %eax; 1: mov $7, %esi; syscall; ret'
	finds before 'any call: replaces mov \$0x07, %esi$'
	code indirect <<<'jmp *%rdi; mov $39, %eax; mov $7, %esi; syscall; ret'
	finds indirect 'any call: replaces'
	code other <<<'mov $39, %eax; mov $7, %esi; syscall; ret'
	finds other 'can be patched +0 of 0'
	code zero <<<'xor %eax, %eax; mov $7, %esi; syscall; ret'
	finds zero 'can be patched +0 of 0'
	code part <<<'mov $426, %eax; mov $39, %al; mov $7, %esi; syscall; ret'
	finds part 'any call: replaces'
}

@test "a function that cannot be decoded for certain is left alone" {
	code into <<<'mov $426, %eax; jmp main+1; syscall; ret'
	finds into 'left alone: its function holds bytes that are no instructions, or a jump into one'
	code data <<<'mov $426, %eax; syscall; ret; .byte 0x06, 0x07'
	finds data 'left alone: its function holds bytes that are no instructions'
	printf '.globl main\nmain: mov $426, %%eax; syscall; ret\n' >"$OUT/none.s"
	cc -Wl,-z,noexecstack -o "$OUT/none" "$OUT/none.s"
	finds none 'left alone: neither .eh_frame nor a symbol tells of its function'
	# A symbol does as well, if it says how long the function is.
	printf '.globl main\n.type main, @function\nmain: mov $426, %%eax; syscall; ret\n.size main, . - main\n' >"$OUT/symbol.s"
	cc -Wl,-z,noexecstack -o "$OUT/symbol" "$OUT/symbol.s"
	finds symbol 'io_uring_enter: replaces'
	strip "$OUT/symbol"
	finds symbol 'left alone: neither'
}

@test "bytes in a number are no instruction" {
	code number <<<'mov $0x050f, %eax; mov $426, %eax; mov $0x050f050f, %ebx; ret'
	finds number 'can be patched +0 of 0'
}

@test "operands relative to their place are known" {
	code relative <<<'mov $426, %eax; lea main(%rip), %rsi; syscall; ret'
	finds relative 'replaces lea'
	tool sites --write "$OUT/plan" "$OUT/relative"
	ended 0
	# The run has 9 bytes, the first instruction 7, and one displacement, at 3.
	[ "$(od -A n -t u1 -j $((64 + 12)) -N 4 "$OUT/plan" | xargs)" = "9 7 1 3" ]
}

@test "a program's plan, as JSON" {
	tool sites --json "$W"
	ended 0
	[ "$(json out files 0 possible)" -gt 30 ]
	[ "$(json out files 0 key)" = "$(readelf -n "$W" | awk '/Build ID/ { print $3 }')" ]
	[ "$(json out sites 0 file)" = "$W" ]
}

@test "a plan in a file, and plans in a directory" {
	local key
	tool sites --write "$OUT/plan" "$W" "$BIN/waiter"
	ended 0
	[ "$(head -c 8 "$OUT/plan")" = regwPLAN ]
	[ "$(stat -c %a "$OUT/plan")" = 644 ]
	mkdir "$OUT/plans"
	(umask 0; tool sites --write "$OUT/plans" "$W")
	ended 0
	key=$(readelf -n "$W" | awk '/Build ID/ { print $3 }')
	cmp "$OUT/plan" "$OUT/plans/$key.sites"
	[ "$(stat -c %a "$OUT/plans/$key.sites")" = 644 ]
	[ "$(find "$OUT/plans" -type f | wc -l)" = 1 ]
}

@test "what is no program, and what cannot be written" {
	tool sites /etc/passwd
	ended 1
	said err 'sites: cannot read /etc/passwd: not a program or library for x86-64 or aarch64$'
	tool sites "$OUT/nothing"
	ended 1
	said err 'No such file'
	tool sites "$OUT"
	ended 1
	tool sites --write "$OUT/no/plan" "$W"
	ended 1
	said err 'No such file'
	# In a pipe is no file whose size is limited.
	for to in "$OUT/plan" "$OUT"; do
		[ "$(ulimit -f 0 && ! "$CLI" sites --write "$to" "$W" 2>&1 >/dev/null)" = \
			"regwait sites: cannot write $to: File too large; ulimit -f limits the size of files" ]
	done
	[ ! -e "$OUT/plan" ]
	# Only a file is replaced.
	mkfifo "$OUT/fifo"
	ln -s fifo "$OUT/link"
	for to in fifo link; do
		tool sites --write "$OUT/$to" "$W"
		ended 1
		said err "^regwait sites: cannot write .*/$to: a plan would replace what is no file$"
	done
	[ -p "$OUT/fifo" ] && [ -L "$OUT/link" ]
	tool sites
	ended 2
	tool sites --colour "$W"
	ended 2
	# One file's fault leaves the others.
	tool sites /etc/passwd "$W"
	ended 1
	said out 'can be patched'
}

@test "without the decoder, sites says so, and so does run" {
	[ "$HOSTTYPE" = x86_64 ] || skip "files for this processor need none"
	cp "$CLI" "$SHIM" "$OUT"
	CLI=$OUT/regwait
	tool sites "$W"
	ended 1
	said err 'no regwait-decoder.so lies beside libregwait.so'
	tool run --sites "$W" 10
	ended 1
	said err '--sites: no regwait-decoder.so'
	: >"$OUT/regwait-decoder.so"
	tool sites "$W"
	ended 1
	said err 'the decoder cannot be loaded: '
}

@test "check says that it can be reached, and proposes how" {
	tool check "$W"
	ended 0
	said out '^  reached with --sites +[0-9]+ of these$'
	said out 'in waiter-builtin, and can be reached with --sites: [0-9]+ of [0-9]+ instructions'
	said out '^  next +regwait run --sites --observe '
	tool check --json "$W"
	[ "$(json out program sites)" -ge "$(json out program sites_possible)" ]
	[ "$(json out program sites_possible)" -gt 30 ]
	tool check "$BIN/waiter"
	! grep -q 'with --sites' "$OUT/out"
}

# reached PATTERN PROGRAM...: check says so, and proposes a run that registers the waits.
reached() {
	local pattern=$1
	shift
	tool check "$1"
	ended 0
	said out '^  reached with --sites +[0-9]+ of these$'
	said out "^  good +.*$pattern.* reached with --sites: [0-9]+ of [0-9]+ instructions"
	said out '^  next +regwait run --sites --observe '
	tool check --json "$1"
	[ "$(json out program liburing_sites)" -ge "$(json out program liburing_sites_possible)" ]
	[ "$(json out program liburing_sites_possible)" -gt 5 ]
	tool run --require "$@"
	ended 3
	tool run --sites --require --stats "$@"
	ended 0
	said err '^  waits.registered +[1-9]'
}

@test "check says that a liburing newer than we know can be reached, or an older one" {
	build build/tests/integration/sites/liburing-2.99/liburing.so.2 \
		build/tests/integration/liburing/liburing-2.2/liburing.so.2
	local integration=$BUILT/integration
	LD_LIBRARY_PATH=$integration/sites/liburing-2.99 \
		reached 'waiter uses liburing 2\.99, whose rules are not known' "$BIN/waiter" 10
	LD_LIBRARY_PATH=$integration/sites/liburing-2.99 tool check
	ended 0
	said out '^  self-test +not with this system.s liburing: '
	LD_LIBRARY_PATH=$integration/liburing/liburing-2.2 \
		reached 'waiter uses liburing 2\.0, whose rules are not known' "$BIN/waiter" 10
	tool check "$BIN/waiter"
	unsaid out 'with --sites'
	said out 'can be reached and imports timed waits'
	# Without a decoder nothing is known of its instructions.
	cp "$CLI" "$SHIM" "$OUT"
	[ "$HOSTTYPE" = x86_64 ] || return 0
	LD_LIBRARY_PATH=$integration/sites/liburing-2.99 CLI=$OUT/regwait tool check "$BIN/waiter"
	ended 1
	said out 'uses liburing 2\.99, whose rules are not known: its waits stay plain'
}

@test "check says that a liburing whose functions are looked up can be reached" {
	cat >"$OUT/looks_up.c" <<-'EOF'
		#include <dlfcn.h>
		#include <liburing.h>

		int main(void)
		{
			void *ours = dlopen("liburing.so.2", RTLD_NOW);
			__typeof__(io_uring_queue_init) *init = dlsym(ours, "io_uring_queue_init");
			__typeof__(io_uring_wait_cqes) *wait = dlsym(ours, "io_uring_wait_cqes");
			struct __kernel_timespec ts = { .tv_nsec = 1000 };
			struct io_uring_cqe *cqe;
			struct io_uring ring;

			return init(4, &ring, 0) || wait(&ring, &cqe, 1, &ts, NULL) != -62;
		}
	EOF
	cc -o "$OUT/looks_up" "$OUT/looks_up.c"
	reached 'nothing in looks_up is linked with .* looked up in liburing\.so\.2' "$OUT/looks_up"
	# The file is there whether it is loaded or not.
	cc -o "$OUT/linked" "$OUT/looks_up.c" -Wl,--no-as-needed -luring
	reached 'nothing in linked is linked with' "$OUT/linked"
}

@test "run --sites registers the waits of a program with liburing inside" {
	tool run --require "$W" 10
	ended 3
	tool run --sites --require --stats "$W" 10
	ended 0
	said out '^figure: 10$'
	said err '^  sites.patched +[0-9]+ '
	said err '^  waits.registered +10$'
	[ "$(find "$XDG_CACHE_HOME/regwait/sites" -name '*.sites' | wc -l)" = 1 ]
	tool run --sites --exec --json "$W" 10
	ended 0
	until_true grep -q '"waits.registered":10' "$OUT/err"
}

@test "run --sites of a script, and without a place for plans" {
	printf '#!%s 10\n' "$W" >"$OUT/script"
	chmod +x "$OUT/script"
	: >"$OUT/10"
	tool run --sites --stats "$OUT/script"
	said err '^  sites.patched '
	tool env -u XDG_CACHE_HOME -u HOME >/dev/null || true
	unset XDG_CACHE_HOME
	HOME='' tool run --sites "$W" 10
	ended 1
	said err '--sites: neither XDG_CACHE_HOME nor HOME'
}

@test "run --sites of no program ends as run does" {
	tool run --sites "$OUT/none"
	ended 127
	said err '^regwait run: cannot run .*/none: No such file or directory$'
	tool compare --sites "$OUT/none"
	ended 1
	said err '^regwait compare: cannot run .*/none: No such file or directory$'
}

@test "why nothing was patched is among the counts" {
	tool run --sites "$W" 10
	chmod g+w "$XDG_CACHE_HOME"/regwait/sites/*
	REGWAIT_SITES=$XDG_CACHE_HOME/regwait/sites tool run --stats "$W" 10
	said err '^  sites left, untrusted +1 the plan belongs to another user, or others may write to it$'
	REGWAIT_SITES=$XDG_CACHE_HOME/regwait/sites tool run --json "$W" 10
	[ "$(json err sites.left.untrusted)" = 1 ]
}

@test "compare --sites compares it with what is not patched" {
	tool compare --sites --pairs 2 --budget 1 --json "$W" 1000
	[ "$(json out exercised)" != false ]
	tool compare --attach 1 --sites
	ended 2
	said err '--sites is for programs that are started'
}

# bats test_tags=long
@test "a hundred megabytes of code take no more than seconds of processor time" {
	local large
	large=$(find /usr/lib -name 'libLLVM*.so*' -size +50M -print -quit 2>/dev/null)
	[ -n "$large" ] || skip "there is no large library here"
	# One or two here; what grows with the square of the size takes minutes.
	AS=(prlimit --cpu=10)
	tool sites "$large"
	ended 0
}
