# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034,SC2154 # the variables of who sources this, and for him
# Sourced by judge and table: what is in the files that measure wrote into the folder $out.

# sum VARIANT REGEX: the counts of a session whose names match whole, of all processes.
sum() {
	{ grep -o -E "\"($2)\":[0-9.]+" "$out/$1.json" || true; } |
		awk -F : '{ n += $2 } END { printf "%.0f\n", n }'
}

# compared KEY [FILE]: a figure of the comparison; null is nothing.
compared() {
	sed -n -E "s/.*\"$1\":(\"([^\"]*)\"|([^,}]*)).*/\2\3/p" "$out/${2:-compare}.json" |
		sed 's/^null$//'
}

plain='waits[.]plain[.]([^n]|n[^o]|no[^-]|no-[^t])[^"]*'	# but for no-timeout
