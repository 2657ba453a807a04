# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# How waits entered the kernel, by strace.

GETEVENTS=1
NO_IOWAIT=128

# NO_IOWAIT came with Linux 6.15.
need_no_iowait() {
	"$BIN/iowait/waiters" feature || skip "this kernel has no IORING_ENTER_NO_IOWAIT"
}

# enters FILE [VARIABLE=VALUE...] PROGRAM...: runs it under the shim; in FILE there is a line for each
# enter that waits, of a named case: the case (after "in-sandbox-" once it is in one), and whether the
# flag was there (yes, no).
enters() {
	local file=$1
	shift
	need_tool strace
	rm -f "$OUT/stats"
	run_in shim strace -f -qq -o "$OUT/enters" -e trace=io_uring_enter,write -e raw=io_uring_enter \
		-E LD_PRELOAD="$SHIM" -E REGWAIT_STATS="$OUT/stats" env "$@"
	awk '/write\(1, "case / {
			split($0, word, "\"")
			sub(/case /, "", word[2])
			sub(/\\n$/, "", word[2])
			name = word[2]
		}
		/write\(1, "sandboxed/ { sandbox = "in-sandbox-" }
		/io_uring_enter\(/ && name != "none" && name != "" {
			sub(/.*io_uring_enter\(/, "")
			split($0, argument, ", ")
			print sandbox name, argument[3], argument[4]
		}' "$OUT/enters" | while read -r name nr flags; do
		((nr && flags & GETEVENTS)) || continue
		echo "$name $( ((flags & NO_IOWAIT)) && echo yes || echo no)"
	done >"$file"
	[ -s "$file" ]
}

# Each of them had the flag; none had. $2: of cases whose names match.
all_out() {
	all "^(${2:-.*}) yes$" "$1"
}

none_out() {
	none " yes$" "$1"
}

# ways HOW WHAT [FLAGS]: the waits of a program, without us, without the option and with it. They are as
# many, return the same, and have the flag with it alone.
ways() {
	plain "$BIN/iowait/iowait" "$@"
	enters "$OUT/on" "$BIN/iowait/iowait" "$@"
	same
	none_out "$OUT/on"
	counts rings.no-iowait 0
	enters "$OUT/off" REGWAIT_IOWAIT=off "$BIN/iowait/iowait" "$@"
	same
	all_out "$OUT/off"
	diff <(cut -d ' ' -f 1 "$OUT/on") <(cut -d ' ' -f 1 "$OUT/off")
}
