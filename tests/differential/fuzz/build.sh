# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034,SC2154 # for the scripts here, which source it
#
# fuzz_build VERSION: builds the fuzzer for one liburing (2.3, 2.9, 2.15 or system), and sets where it
# is: drive, programs (fuzz_seq and mutant.so), and dir, where the differences are kept.
fuzz_build()
{
	if [ "$1" = system ]; then
		programs=$top/build/tests/differential/fuzz
	else
		"$top/tests/fetch" liburing "$1" >/dev/null || return $?
		programs=$top/build/tests/$1/differential/fuzz
	fi
	drive=$top/build/tests/differential/fuzz/drive
	dir=$top/build/fuzz/$1
	mkdir -p "$dir"
	make -s -C "$top" "fuzz-programs-$1" >&2 || return 2
}
