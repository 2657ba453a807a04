#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2030,SC2031,SC2034,SC2154,SC2016,SC2317 # subshells; the helper sets them
# regwait check: unusual files and processes.

load ../lib/cli

CLI_SOURCES=$TOP/tests/cli

setup() {
	tool_setup
	need_registered_waits
	set -o pipefail
}

teardown() {
	tool_teardown
	[[ -z ${MOUNTED:-} ]] || umount "$MOUNTED" 2>/dev/null || true
}

cc() {
	"${CC:-gcc}" -D_GNU_SOURCE -O1 "$@"
}

# library FILE [ARGUMENT...]: the library that waits; user FILE ARGUMENT...: its program.
library() {
	cc -shared -fPIC -o "$1" "$CLI_SOURCES/libraries/waits.c" "${@:2}"
}

user() {
	cc -o "$1" "$CLI_SOURCES/programs/uses.c" -Wl,--no-as-needed "${@:2}"
}

# good PROGRAM: it can be reached, and timed waits are imported. bad PATTERN PROGRAM.
good() {
	tool check "$1"
	ended 0
	said out '^  imports timed waits +yes'
	said out '^  good '
}

bad() {
	tool check "$2"
	ended 1
	said out "^  no gain +.*($1)"
}

# The command that check proposes, as words of this shell.
proposed() {
	sed -n 's/^  next *//p' "$OUT/out"
}

@test "libraries in a directory with a space, and with brackets" {
	for dir in 'lib dir' 'lib (dir)'; do
		mkdir "$OUT/$dir"
		library "$OUT/$dir/libwaits.so" -luring
		user "$OUT/user" -L"$OUT/$dir" -lwaits -Wl,-rpath,"$OUT/$dir"
		good "$OUT/user"
		said out '^  imports timed waits +yes libwaits\.so$'
	done
}

@test "a loader elsewhere, with libraries beside it" {
	mkdir "$OUT/other"
	cp "$(realpath "$(sed -n 's/.* \(\/[^ ]*ld-linux[^ ]*\)$/\1/p' /proc/self/maps | head -n 1)")" \
		"$OUT/other/ld.so"
	library "$OUT/other/libwaits.so" -luring
	user "$OUT/user" -L"$OUT/other" -lwaits -Wl,--dynamic-linker="$OUT/other/ld.so"
	good "$OUT/user"
}

@test "a loader that is a program of its own is not executed" {
	printf '#!/bin/sh\ntouch %s/executed\n' "$OUT" >"$OUT/ld.so"
	chmod +x "$OUT/ld.so"
	user "$OUT/user" -luring -Wl,--dynamic-linker="$OUT/ld.so"
	tool check "$OUT/user"
	[ ! -e "$OUT/executed" ]
}

@test "what cannot be started is not called good" {
	library "$OUT/libwaits.so" -luring
	user "$OUT/user" -L"$OUT" -lwaits -Wl,-rpath,"$OUT" -luring
	good "$OUT/user"
	rm "$OUT/libwaits.so"
	bad 'user cannot be started here: libwaits\.so is missing' "$OUT/user"
	user "$OUT/user" -luring -Wl,--dynamic-linker=/nonexistent/ld.so
	bad 'user cannot be started here: its loader /nonexistent/ld\.so is missing' "$OUT/user"
	# A version that nobody has.
	echo 'V_1 { *; };' >"$OUT/map"
	library "$OUT/libwaits.so" -luring -Wl,--version-script="$OUT/map"
	user "$OUT/user" -L"$OUT" -lwaits -Wl,-rpath,"$OUT"
	good "$OUT/user"
	echo 'V_2 { *; };' >"$OUT/map"
	library "$OUT/libwaits.so" -luring -Wl,--version-script="$OUT/map"
	bad "user cannot be started here: .*version .V_1' not found" "$OUT/user"
}

@test "no section headers" {
	cp "$BIN/waiter" "$OUT/bare"
	# Where the section headers lie in the file, and how many there are.
	head -c 8 /dev/zero | dd of="$OUT/bare" bs=1 seek=40 conv=notrunc status=none
	head -c 4 /dev/zero | dd of="$OUT/bare" bs=1 seek=60 conv=notrunc status=none
	[ "$("$OUT/bare" 5)" = 'figure: 5' ]
	good "$OUT/bare"
	strip -o "$OUT/stripped" "$BIN/waiter"
	good "$OUT/stripped"
}

@test "with either kind of hash table" {
	for style in sysv gnu both; do
		cc -o "$OUT/waiter" "$CLI_SOURCES/programs/waiter.c" -luring -Wl,--hash-style=$style
		good "$OUT/waiter"
	done
}

@test "a shared library is one, and what is static is static" {
	library "$OUT/libwaits.so" -luring
	bad 'libwaits\.so is a shared library' "$OUT/libwaits.so"
	tool check --json "$OUT/libwaits.so"
	[ "$(json out program static)" = false ]
	cc -static-pie -o "$OUT/static" "$CLI_SOURCES/programs/uses.c"
	bad 'static is static' "$OUT/static"
}

@test "liburing inside a library, functions of one's own, and references without a version" {
	archive=$("${CC:-gcc}" -print-file-name=liburing.a)
	library "$OUT/libwaits.so" "$archive"
	user "$OUT/user" -L"$OUT" -lwaits -Wl,-rpath,"$OUT"
	if ! "$CLI" sites /bin/true >/dev/null 2>&1; then
		bad 'user uses libwaits\.so, which has liburing linked in statically' "$OUT/user"
		[[ $(proposed) == readelf* ]]
	else
		tool check "$OUT/user"
		ended 0
		said out 'user makes system calls itself, in libwaits\.so, and can be reached with --sites'
		[[ $(proposed) == "regwait run --sites --observe"* ]]
	fi
	tool check --json "$OUT/user"
	[ "$(json out program imports_timed)" = false ]
	# A function of its own by the same name, and nothing of liburing's.
	echo 'int io_uring_setup(unsigned n, void *p) { return p || n ? -1 : 0; }' >"$OUT/own.c"
	cc -shared -fPIC -o "$OUT/libown.so" "$OUT/own.c"
	user "$OUT/user" -L"$OUT" -lown -Wl,-rpath,"$OUT"
	bad 'has functions of its own by the names of liburing.s, in libown\.so' "$OUT/user"
	# Whoever refers to a name weakly runs without liburing as well.
	echo 'int io_uring_wait_cqe_timeout(void *, void **, void *) __attribute__((weak));
		int main(void) { return io_uring_wait_cqe_timeout ? 1 : 0; }' >"$OUT/weak.c"
	cc -w -o "$OUT/weak" "$OUT/weak.c"
	bad 'weak asks for functions by the names of liburing.s, but not for liburing.s' "$OUT/weak"
	[[ $(proposed) == readelf* ]]
}

@test "what check says of versions, run finds" {
	library "$OUT/libwaits.so" -luring
	user "$OUT/user" -L"$OUT" -lwaits -Wl,-rpath,"$OUT"
	good "$OUT/user"
	tool run --require "$OUT/user"
	ended 0
}

@test "a liburing by another name is one" {
	cc -shared -o "$OUT/libring-9c1f.so.2" -Wl,--whole-archive \
		"$("${CC:-gcc}" -print-file-name=liburing.a)" -Wl,--no-whole-archive \
		-Wl,--version-script="$TOP/tests/integration/liburing/liburing-2.2.map" \
		-Wl,-soname,libring-9c1f.so.2
	cc -o "$OUT/waiter" "$CLI_SOURCES/programs/waiter.c" "$OUT/libring-9c1f.so.2" -Wl,-rpath,"$OUT"
	good "$OUT/waiter"
	said out '^  liburing +/.*/libring-9c1f\.so\.2$'
}

@test "AddressSanitizer's runtime" {
	cc -fsanitize=address -o "$OUT/waiter" "$CLI_SOURCES/programs/waiter.c" -luring ||
		skip "this compiler has no AddressSanitizer"
	ldd "$OUT/waiter" | grep -q asan || skip "its runtime is linked in statically"
	bad 'waiter is built with AddressSanitizer' "$OUT/waiter"
	# The command that is proposed works.
	PATH=${CLI%/*}:$PATH timeout 120 sh -c "$(proposed) 5" >"$OUT/out" 2>"$OUT/err"
	said out '^figure: 5$'
	said err 'observed\.would-register +5 '
	cc -fsanitize=undefined -o "$OUT/waiter" "$CLI_SOURCES/programs/waiter.c" -luring
	good "$OUT/waiter"
}

@test "a directory of that name earlier in PATH, and a place without a name" {
	mkdir -p "$OUT/first/waiter"
	PATH=$OUT/first:$BIN:$PATH good waiter
	: >"$OUT/first/signals"
	PATH=$OUT/first:$BIN:$PATH tool check signals
	said out '^  file +/.*/cli/signals$'
	cd "$BIN"
	PATH=:/bin good waiter
	PATH=/bin: good waiter
}

@test "numbers that no process has" {
	for number in 4294967297 2147483648 99999999999999999999 0; do
		tool check $number
		ended 1
		silent out
		said err "process $number: there is none"
	done
	misused stat 4294967297
	misused set 4294967297 off
	misused compare --attach 4294967297
}

@test "an executable that was replaced, or removed" {
	unique_copy "$BIN/waiter"
	begin "$copy" 0 1000
	cp "$(command -v sleep)" "$OUT/new"
	mv "$OUT/new" "$copy"
	tool check "$pid"
	ended 0
	said out '^  imports timed waits +yes'
	said out '^  shim loaded +yes'
	rm "$copy"
	tool check "$pid"
	ended 0
	said out '^  imports timed waits +yes'
}

@test "a process in another mount namespace" {
	need_root
	mkdir "$OUT/mine"
	cp "$(command -v sleep)" "$OUT/mine/program"
	# shellcheck disable=SC2016 # for the shell that is run
	unshare -m sh -c 'mount -t tmpfs none "$1" && cp "$2" "$1/program" && exec "$1/program" 0 1000' \
		sh "$OUT/mine" "$BIN/waiter" 3>&- &
	pid=$!
	STARTED+=("$pid")
	until_true grep -q liburing "/proc/$pid/maps"
	tool check "$pid"
	ended 3
	said out '^  imports timed waits +yes program$'
	said out '^  liburing loaded +yes'
	said out '^  possible, but not on +the shim is not loaded into process'
}

@test "proposed commands can be pasted" {
	for name in 'a b' "it's" '$(touch executed)' $'two\nlines' 'semi;colon' '"quoted"' '-dash' 'ü'; do
		mkdir -p "$OUT/dir"
		cp "$BIN/waiter" "$OUT/dir/$name"
		cd "$OUT/dir"
		tool check "./$name"
		ended 0
		regwait() { printf '%s\n' "$3" >"$OUT/pasted"; }
		eval "$(proposed)"
		unset -f regwait
		[ "$(<"$OUT/pasted")" = "$OUT/dir/$name" ]
	done
	[ ! -e executed ]
}

@test "names do nothing to the terminal" {
	cp "$BIN/waiter" "$OUT/"$'e\033[2Jvil'
	tool check "$OUT/"$'e\033[2Jvil'
	ended 0
	run grep -c $'\033' "$OUT/out"
	[ "$output" = 0 ]
}

# installed DIR: a copy of the command and its library there. Sets CLI.
installed() {
	mkdir -p "$1/bin" "$1/lib"
	cp "$TOP/build/regwait" "$1/bin"
	cp "$TOP/build/libregwait.so" "$1/lib"
	CLI=$1/bin/regwait
}

@test "installed where LD_PRELOAD cannot name it: it says why, and a link helps" {
	for dir in 'with space' 'with:colon' 'with$dollar'; do
		installed "$OUT/$dir"
		for command in run 'run --exec' 'compare --pairs 1'; do
			# shellcheck disable=SC2086 # two words
			tool $command "$BIN/waiter" 5
			ended 1
			silent out
			said err 'cannot be preloaded: the loader would split its path .* symbolic link'
		done
		tool check
		ended 1
		said out '^  self-test +/.*cannot be preloaded'
		ln -sfn "$OUT/$dir" "$OUT/link"
		CLI=$OUT/link/bin/regwait tool run --require "$BIN/waiter" 5
		ended 0
		cd "$OUT"
		CLI=link/bin/regwait tool run --require "$BIN/waiter" 5
		ended 0
	done
}

@test "make install to a path with a space, and from there" {
	make -s -C "$TOP" install PREFIX="$OUT/a place" >"$OUT/out" 2>&1
	CLI=$OUT/a\ place/bin/regwait tool run true
	ended 1
	said err 'cannot be preloaded'
	ln -s "$OUT/a place" "$OUT/place"
	CLI=$OUT/place/bin/regwait tool run --require "$BIN/waiter" 5
	ended 0
	make -s -C "$TOP" uninstall PREFIX="$OUT/a place"
	[ -z "$(find "$OUT/a place" -type f -name '*regwait*')" ]
}

@test "another copy of the library that is preloaded already gives way" {
	installed "$OUT/other"
	# shellcheck disable=SC2016 # for the shell that is run
	LD_PRELOAD="$SHIM libm.so.6" tool run --quiet sh -c 'echo "$LD_PRELOAD"'
	ended 0
	[ "$(<"$OUT/out")" = "libm.so.6:$(realpath "$OUT")/other/bin/../lib/libregwait.so" ]
}

@test "what may not be executed is no program, and no script" {
	cp "$BIN/waiter" "$OUT/waiter"
	printf '#!/bin/sh\n' >"$OUT/script"
	chmod a-x "$OUT/waiter" "$OUT/script"
	for name in waiter script; do
		tool check "$OUT/$name"
		ended 1
		said out "^  no gain +$name cannot be executed: Permission denied\$"
		said out "^  next +ls -l .*/$name\$"
	done
}
