# SPDX-License-Identifier: MIT
#
# Reads a log of strace -f and says for each case of an oracle program how it entered the kernel.
# A scenario begins with write(-1, "its name/"), a case in it with write(-1, "its name") and ends
# with write(-1, ""). What a thread or process does before it begins a case of its own belongs to
# the case begun last by any. With mode "counts" only the number of io_uring_enter calls is
# told, with "arguments" also their arguments and those of all other io_uring calls.

function begin(pid, name) {
	current[pid] = latest = name
	if (!(name in enters)) {
		order[++cases] = name
		enters[name] = 0
	}
}

function belongs(pid) {
	return pid in current ? current[pid] : latest
}

# fd, submit, wait and flags as they are; of the rest only the size, as addresses differ.
function arguments(text,   at, parts, n, i, told) {
	at = index(text, "(")
	text = substr(text, at + 1)
	sub(/ *<unfinished \.\.\.>$/, "", text)
	sub(/\) += .*/, "", text)
	# strace knows this flag by its name from 6.13 on.
	sub(/IORING_ENTER_EXT_ARG_REG/, "0x40", text)
	n = split(text, parts, ", ")
	told = parts[1]
	for (i = 2; i <= 4; i++)
		told = told "," parts[i]
	return told "," parts[n]
}

/ write\(-1, "/ {
	name = $0
	sub(/^[^"]*"/, "", name)
	sub(/".*/, "", name)
	if (name ~ /\/$/)
		scenario = name
	# What lies between cases is told once for the whole scenario.
	if (name == "" || name ~ /\/$/)
		begin($1, scenario "between")
	else
		begin($1, name "#" ++times[name])
	next
}

/ io_uring_enter\(/ {
	here = belongs($1)
	enters[here]++
	how[here] = how[here] " enter(" arguments($0) ")"
	next
}

/ io_uring_(setup|register)\(/ {
	here = belongs($1)
	call = $2
	sub(/\(.*/, "", call)
	how[here] = how[here] " " call
}

END {
	for (i = 1; i <= cases; i++) {
		name = order[i]
		sub(/#[0-9]+$/, "", name)
		# How often an SQPOLL thread had to be woken before a case is chance.
		if (name ~ /sqpoll.*\/between$/)
			continue
		if (mode == "counts")
			print name ": enters=" enters[order[i]]
		else
			print name ":" (how[order[i]] == "" ? " nothing" : how[order[i]])
	}
}
