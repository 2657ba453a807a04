#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# A process that is short of memory makes its rings as it does without the preload.

load ../../lib/ways

setup() {
	ways_setup names
	needs_rings
	need_tool prlimit
}

@test "no private page more from the start of main on (RLIMIT_DATA)" {
	all_ways "$BIN/short_of_memory" data
}

@test "room for a ring and little else (RLIMIT_AS)" {
	all_ways "$BIN/short_of_memory" as
}

# Limits from where the program starts at all with the preload, which the dynamic linker needs
# memory for, page by page.
sweep() {
	local what=$1 from=$2 to=$3 step=$4 bytes way compared=0
	for ((bytes = from; bytes <= to; bytes += step)); do
		RUN=(prlimit "--$what=$bytes")
		off "$BIN/short_of_memory" none
		((rc == 0)) && ! grep -q 'ld.so' "$OUT/off.err" || continue
		without "$BIN/short_of_memory" start
		((rc == 0)) && grep -q 'init 0' "$OUT/without.out" || continue
		compared=$((compared + 1))
		for way in off with; do
			one_way $way "$BIN/short_of_memory" start
			as_without $way || { echo "with --$what=$bytes"; return 1; }
		done
	done
	((compared > 4)) || skip "no limit was found that leaves room for program and preload"
}

@test "little private memory from the start (RLIMIT_DATA)" {
	sweep data 262144 524288 8192
}

@test "little address space from the start (RLIMIT_AS)" {
	sweep as 3000000 6000000 262144
}
