# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034,SC2154 # the variables of who sources this, and for him
# Sourced by run: a system of Debian sid, which has the newest of these programs, under
# build/programs/system. It is made once, and what the chosen programs need is installed there; it
# stays until make distclean.

# shellcheck source=tests/distros/system.bash
. "$top/tests/distros/system.bash"
suite=sid
root=$programs/system

# What regwait itself needs there.
ours=(libelf1t64 libjansson4)

# packages_of NAME...: of all these programs, one a line.
packages_of() {
	local name
	for name; do
		[ "$(about "$name" where)" != system ] || about "$name" packages
	done | tr ' ' '\n' | sort -u
}

# make_system: with the packages of all that were chosen, so that apt runs once.
make_system() {
	local wanted=()
	can_make_systems programs || return 77
	mapfile -t wanted < <(packages_of "${chosen[@]}")
	if [ ! -e "$root/complete" ]; then
		tar_of $suite || return 77
		fresh_system $suite "$root"
		within "$root" / apt-get -q update && touch "$root/complete"
	fi
	within "$root" / env DEBIAN_FRONTEND=noninteractive \
		apt-get -q -y --no-install-recommends install "${ours[@]}" "${wanted[@]}"
}

# in_system NAME: its sessions there, with copies of regwait and of these files. Whatever they leave
# running or mounted ends with them.
in_system() {
	local status=0 out=$programs/out/$1
	if [ -z "${system_made:-}" ]; then
		make_system >"$programs/system.log" 2>&1 || status=$?
		if [ $status != 0 ]; then
			tail -n 1 "$programs/system.log"
			return 77
		fi
		system_made=1
	fi
	rm -rf "$root/programs"
	mkdir -p "$root/programs"
	cp "$top"/build/{regwait,libregwait.so} "$here"/* "$root/programs/"
	within "$root" /programs env regwait=/programs/regwait top=/programs TMPDIR=/programs \
		./measure "$1" "/programs/place" "/programs/out" "$seconds" || status=$?
	cp -r "$root/programs/out/." "$out/"
	rm -rf "$root/programs"
	return $status
}
