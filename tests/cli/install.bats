#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2030,SC2031,SC2034,SC2154 # subshells; the helper sets them
# make install: the command finds its library wherever the two were put, and every part says the same
# version.

load ../lib/cli

setup() { tool_setup; }

teardown() { tool_teardown; }

# install_to VARIABLE=VALUE...
install_to() {
	make -s -C "$TOP" install "$@" >"$OUT/install" 2>&1 || { cat "$OUT/install"; return 1; }
}

# preloads LIBRARY: the command CLI preloads that file, by whatever path.
preloads() {
	local path
	# shellcheck disable=SC2016 # for the shell that is run
	tool run --quiet sh -c 'echo "$LD_PRELOAD"'
	ended 0
	path=$(<"$OUT/out")
	[ -f "$path" ]
	[ "$path" -ef "$1" ]
}

@test "the command finds its library in every LIBDIR, also when the tree is moved" {
	prefix=$OUT/usr
	for dir in "$prefix/lib" "$prefix/lib64" "$prefix/lib/x86_64-linux-gnu" \
		"$prefix/lib/aarch64-linux-gnu/regwait" "$OUT/libraries/of mine"; do
		rm -rf "$prefix" "$OUT/moved" "$OUT/libraries" "$OUT/space"
		if [[ $dir == *' '* ]]; then
			# A path with a space cannot be preloaded; by a link it can.
			ln -s 'libraries/of mine' "$OUT/space"
			install_to PREFIX="$prefix" LIBDIR="$dir"
			CLI=$prefix/bin/regwait tool run true
			ended 1
			said err "libraries/of mine/libregwait\.so cannot be preloaded"
			dir=$OUT/space
		fi
		install_to PREFIX="$prefix" LIBDIR="$dir"
		CLI=$prefix/bin/regwait preloads "$dir/libregwait.so"
		[[ $dir == $prefix/* ]] || continue
		mv "$prefix" "$OUT/moved"
		CLI=$OUT/moved/bin/regwait preloads "$OUT/moved/${dir#"$prefix"/}/libregwait.so"
	done
}

@test "installed below DESTDIR, and found there" {
	install_to DESTDIR="$OUT/there" PREFIX=/nowhere/usr LIBDIR=/nowhere/usr/lib64
	CLI=$OUT/there/nowhere/usr/bin/regwait preloads "$OUT/there/nowhere/usr/lib64/libregwait.so"
}

@test "BINDIR is a link to another folder, or the command alone is moved" {
	mkdir -p "$OUT/usr/bin"
	ln -s usr/bin "$OUT/bin"
	install_to PREFIX="$OUT" LIBDIR="$OUT/usr/lib/private"
	CLI=$OUT/bin/regwait preloads "$OUT/usr/lib/private/libregwait.so"
	mkdir "$OUT/elsewhere"
	mv "$OUT/usr/bin/regwait" "$OUT/elsewhere"
	CLI=$OUT/elsewhere/regwait preloads "$OUT/usr/lib/private/libregwait.so"
}

@test "every folder is a variable, and make uninstall takes all of it away" {
	folders=()
	for variable in LIBDIR BINDIR INCLUDEDIR MANDIR PKGCONFIGDIR BASHCOMPDIR ZSHCOMPDIR FISHCOMPDIR; do
		folders+=("$variable=/$variable")
	done
	install_to DESTDIR="$OUT/there" "${folders[@]}"
	for file in LIBDIR/libregwait.so BINDIR/regwait INCLUDEDIR/regwait.h PKGCONFIGDIR/regwait.pc \
		BASHCOMPDIR/regwait ZSHCOMPDIR/_regwait FISHCOMPDIR/regwait.fish; do
		[ -s "$OUT/there/$file" ] || { echo "no $file"; return 1; }
	done
	if command -v scdoc >/dev/null; then
		[ -s "$OUT/there/MANDIR/man1/regwait.1" ]
		[ -s "$OUT/there/MANDIR/man7/libregwait.7" ]
	fi
	make -s -C "$TOP" uninstall DESTDIR="$OUT/there" "${folders[@]}"
	[ -z "$(find "$OUT/there" ! -type d)" ]
}

@test "what the manual says to preload is the file that is installed, and works" {
	need_tool scdoc
	need_registered_waits
	install_to PREFIX="$OUT/under_score-dir" LIBDIR="$OUT/under_score-dir/lib/x86_64-linux-gnu"
	# As man shows it, without its highlighting.
	library=$(sed -nE 's/\\f[BIR]//g; s/\\-/-/g; s/\\&//g; s/\\//g; s/^LD_PRELOAD=(\S+) .*/\1/p' \
		"$OUT/under_score-dir/share/man/man7/libregwait.7" | head -n 1)
	[ "$library" = "$OUT/under_score-dir/lib/x86_64-linux-gnu/libregwait.so" ]
	LD_PRELOAD=$library REGWAIT_STATS=$OUT/stats "$BIN/waiter" 5
	grep -qx 'waits.registered 5' "$OUT/stats"
	eval "$(grep -E '^(libdir|includedir)=' "$OUT/under_score-dir/lib/x86_64-linux-gnu/pkgconfig/regwait.pc")"
	[ "$libdir/libregwait.so" = "$library" ]
	[ -f "$includedir/regwait.h" ]
}

@test "every part says the same version, from one place" {
	need_registered_waits
	version=$(sed -n 's/^#define REGWAIT_VERSION "\(.*\)"$/\1/p' "$TOP/shim/contract/version.h")
	[[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]]
	install_to PREFIX="$OUT/usr"
	CLI=$OUT/usr/bin/regwait
	tool --version
	[ "$(<"$OUT/out")" = "regwait $version" ]
	tool check --json
	[ "$(json out system version)" = "$version" ]
	REGWAIT_STATS=$OUT/stats LD_PRELOAD=$OUT/usr/lib/libregwait.so "$BIN/waiter" 1
	grep -qx "regwait.version $version" "$OUT/stats"
	bytes=$(readelf -n "$OUT/usr/lib/libregwait.so" | sed -n '/^  regwait /,$s/.*description data: //p')
	# shellcheck disable=SC2086,SC2183 # a word each
	[ "$(printf '\\x%s' ${bytes% 00*} | xargs -0 printf)" = "$version" ]
	[ "$(sed -n 's/^Version: //p' "$OUT/usr/lib/pkgconfig/regwait.pc")" = "$version" ]
	! command -v scdoc >/dev/null || for page in man1/regwait.1 man7/libregwait.7; do
		grep -q "^\.TH .*\"regwait $version\"" "$OUT/usr/share/man/$page"
	done
	[ "$(sed -n '1s/^regwait \(.*\) (.*)$/\1/p' "$TOP/tools/packaging/NEWS")" = "$version" ]
	# The version is written nowhere else, as git grep tells, if there is git.
	if git -C "$TOP" rev-parse 2>/dev/null; then
		run git -C "$TOP" grep -nF "$version" -- . ':!shim/contract/version.h' ':!tools/packaging/NEWS'
		[ "$output" = "" ]
	fi
}

@test "a library of another version is passed by, and named where there is no other" {
	install_to PREFIX="$OUT/usr" LIBDIR="$OUT/usr/lib64"
	CLI=$OUT/usr/bin/regwait
	tool --version
	version=$(sed 's/regwait //' "$OUT/out")
	# A version of the same length, everywhere in the file.
	LC_ALL=C sed "s/${version//./\\.}/9.9.9/g" "$SHIM" >"$OUT/usr/bin/libregwait.so"
	preloads "$OUT/usr/lib64/libregwait.so"
	rm "$OUT/usr/lib64/libregwait.so"
	tool run true
	ended 1
	said err "usr/bin/libregwait\.so is of version 9\.9\.9, this command of $version; install both anew"
	# One that has no such note, or is no ELF file.
	objcopy --remove-section .note.regwait "$SHIM" "$OUT/usr/bin/libregwait.so"
	tool run true
	ended 1
	said err 'is of version unknown'
	echo text >"$OUT/usr/bin/libregwait.so"
	tool run true
	ended 1
	said err 'is of version unknown'
	rm "$OUT/usr/bin/libregwait.so"
	tool run true
	ended 1
	said err "is neither beside this command nor in $OUT/usr/lib64; install both"
}

@test "fish finds its completions, whatever its environment, by the prefix that is usual" {
	command -v fish >/dev/null || skip "there is no fish"
	env -u XDG_DATA_DIRS HOME="$OUT" fish -c 'printf "%s\n" $fish_complete_path' >"$OUT/looks"
	for prefix in '' PREFIX=/usr PREFIX="$OUT/.local"; do
		rm -rf "$OUT/there"
		make -s -C "$TOP" install DESTDIR="$OUT/there" ${prefix:+"$prefix"}
		file=$(find "$OUT/there" -name regwait.fish)
		file=${file#"$OUT/there"}
		said looks "^${file%/*}$"
	done
}
