#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The storeys of the house (shim/README.md): arrows go down, of includes and of calls, and none in a circle.

load ../../lib/common

setup() {
	OUT=$BATS_TEST_TMPDIR
	cd "$TOP" || return
	command -v nm >/dev/null || skip "nm is not installed"
}

# objects FOLDER: what was made of the files there, and not of files that are gone.
objects() {
	local file
	while read -r file; do
		file=build/${file%.?}.o
		[[ ! -e $file ]] || echo "$file"
	done < <(find "$1" -name '*.[cS]')
}

# arrows FOLDER: on each line an object, and another that has something which the first uses.
arrows() {
	mapfile -t made < <(objects "$1")
	((${#made[@]} > 40)) || skip "the objects are elsewhere"
	nm -A "${made[@]}" 2>/dev/null | awk '
		{ file = $1; sub(/:.*/, "", file) }
		$(NF - 1) == "U" { wants[file, $NF]; next }
		$(NF - 1) ~ /^[TDBRVWGSC]$/ { has[$NF] = file }
		END {
			for (key in wants) {
				split(key, part, SUBSEP)
				if (part[2] in has && has[part[2]] != part[1])
					print part[1], has[part[2]]
			}
		}' | sort -u >"$OUT/arrows"
	(($(wc -l <"$OUT/arrows") > 50))
}

@test "no files of the library, or of the command, call each other in a circle" {
	for folder in shim tools; do
		arrows $folder
		# The entries of sites and of syscall() are called by nobody but the program.
		grep -v '^build/shim/base/arch/' "$OUT/arrows" | tsort >/dev/null
	done
}

@test "a file of the library includes and calls nothing of a storey above" {
	(cd shim && find . -name '*.[chS]' -exec grep -H '^#include "' {} +) |
		sed -E 's,^\./([^:]*):#include "([^"]*)",\1 \2,' >"$OUT/includes"
	(($(wc -l <"$OUT/includes") > 300))
	arrows shim
	sed 's,build/shim/,,g' "$OUT/arrows" | grep -v '^base/arch/' >"$OUT/calls"
	awk '
		BEGIN {
			for (n = split("contract base process ring wait symbols", names); n; n--)
				storeys[names[n]] = n
			storeys["sites"] = storeys["symbols"]
		}
		function storey(path) {
			sub(/\/.*/, "", path)
			return path in storeys ? storeys[path] : 7 # init.c
		}
		$2 ~ /[/]/ && storey($2) > storey($1)' "$OUT/includes" "$OUT/calls" >"$OUT/up"
	[ ! -s "$OUT/up" ] || { cat "$OUT/up"; return 1; }
}
