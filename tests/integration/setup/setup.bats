#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# tests/setup: what is missing is installed, by root, or named. Debian's tools are pretended here:
# nothing is installed, whoever runs this.

load ../../lib/integration
load ../../lib/machine

setup() {
	programs_setup
	machine || true
	mkdir "$OUT/bin"
	local tool
	for tool in bash env cat sed awk id mktemp rm tail grep cc gcc make; do
		ln -s "$(command -v $tool)" "$OUT/bin/"
	done
	RUN=(env PATH="$OUT/bin" bash "$TOP/tests/setup")
}

# pretend NAME: a command of that name, which is what is read.
pretend() {
	rm -f "$OUT/bin/$1"
	{
		echo '#!/bin/bash'
		cat
	} >"$OUT/bin/$1"
	chmod +x "$OUT/bin/$1"
}

# A Debian on which these packages are not installed. What apt-get is asked is kept in $OUT/asked.
debian_without() {
	pretend dpkg-query <<<"case ' $* ' in *\" \${!#} \"*) exit 1 ;; esac; echo 'ii '"
	pretend apt-get <<-CODE
		echo "\$*" >>"$OUT/asked"
		case "\$*" in
		*--print-uris*) echo "'http://x/a.deb' a.deb 1500000 SHA256:0"; echo "'http://x/b.deb' b.deb 600000 SHA256:0" ;;
		*install*) [ -z "\${REFUSE:-}" ] || { echo "E: no"; exit 100; } ;;
		esac
	CODE
}

as() {
	pretend id <<<"echo $1"
}

# The compiler finds no header but those of this list.
compiler_with() {
	pretend cc <<<"! grep -vqE '<($1)>'"
}

set_up() {
	rc=0
	"${RUN[@]}" "$@" >"$OUT/out" 2>"$OUT/err" || rc=$?
	cat "$OUT/out" "$OUT/err"
}

# It passed, and had nothing to say.
silent() {
	((rc == 0))
	[ ! -s "$OUT/out" ]
	[ ! -s "$OUT/err" ]
}

@test "what is missing is installed by root, who is told what and how much" {
	debian_without bats gdb
	as 0
	set_up
	((rc == 0))
	[ "$(<"$OUT/out")" = 'installing bats gdb: 2 packages, 2.1 MB to fetch' ]
	grep -qx 'install -y --no-install-recommends bats gdb' "$OUT/asked"
	grep -qx update "$OUT/asked"
}

@test "anyone else gets the command in one line, and nothing is tried" {
	debian_without bats gdb
	as 1000
	set_up
	((rc == 1))
	[ "$(<"$OUT/err")" = 'regwait: packages are missing; as root: apt-get install -y --no-install-recommends bats gdb' ]
	[ ! -e "$OUT/asked" ]
	[ ! -s "$OUT/out" ]
}

@test "what cannot be installed is said, with the command to try" {
	debian_without bats
	as 0
	RUN=(env REFUSE=1 "${RUN[@]:1}")
	set_up
	((rc == 1))
	grep -q '^E: no$' "$OUT/err"
	grep -q '^regwait: packages could not be installed; try: .*install -y --no-install-recommends bats$' "$OUT/err"
}

@test "nothing is said where nothing is missing" {
	debian_without
	as 1000
	set_up
	silent
	set_up --demo
	silent
}

@test "the demo needs a compiler and headers, wherever they come from, and no more" {
	local all='stdio.h|uthash.h|linux/io_uring.h|libelf.h|jansson.h'
	as 1000
	compiler_with "$all|liburing.h"
	set_up --demo
	((rc == 0))
	# Not Debian at all.
	compiler_with "$all"
	set_up --demo
	((rc == 1))
	grep -q '^regwait: .*no apt-get here.* uthash-dev libelf-dev libjansson-dev liburing-dev$' "$OUT/err"
	debian_without liburing-dev
	set_up --demo
	((rc == 1))
	grep -q ' apt-get install -y --no-install-recommends liburing-dev$' "$OUT/err"
	as 0
	set_up --demo
	grep -q '^installing liburing-dev: ' "$OUT/out"
	none 'qemu|clang|gdb' "$OUT/asked"
}

@test "make alone installs nothing" {
	compiler_with 'stdio.h|linux/io_uring.h|libelf.h'
	debian_without uthash-dev libjansson-dev
	as 0
	set_up --builds
	((rc == 1))
	grep -q '^regwait: .* apt-get install -y --no-install-recommends uthash-dev libjansson-dev$' "$OUT/err"
	[ ! -e "$OUT/asked" ]
}

@test "make lint and a guest need tools of their own" {
	debian_without cppcheck shellcheck busybox-static
	as 1000
	set_up --lints
	((rc == 1))
	grep -q ' apt-get install -y --no-install-recommends cppcheck shellcheck$' "$OUT/err"
	set_up --guest
	((rc == 1))
	grep -q ' apt-get install -y --no-install-recommends busybox-static$' "$OUT/err"
	for tool in "$MACHINE_QEMU" busybox cpio; do
		pretend $tool <<<''
	done
	set_up --guest
	silent
}
