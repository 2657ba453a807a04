# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034 # what is set here is used by those who load it
# For the tests of the library: runs a program without the shim ("plain") and with it ("shim"),
# compares, and reads what was counted.

# shellcheck source=tests/lib/common.bash
source "${BASH_SOURCE[0]%/*}/common.bash"
# What knows nothing of liburing: deny, and the preloads fail.so and wrap.so.
TOOLS=$BUILT/integration/common

# programs_setup [VERSION]: builds the programs against that liburing, and sets BIN to where they are.
programs_setup() {
	[[ -f $SHIM ]] || { echo "$SHIM is missing: run make"; return 1; }
	build_with "${1:-system}" || return
	BIN=$(programs_of "${1:-system}")
	OUT=$BATS_TEST_TMPDIR
	# What the caller's own shell is set to must not reach the programs.
	unset "${!REGWAIT@}" LD_PRELOAD
}

# How a program is run: no terminal, no endless wait. Sets rc, prints nothing.
run_in() {
	local name=$1
	shift
	rc=0
	timeout -k 2 "${LIMIT:-120}" "$@" >"$OUT/$name.out" 2>"$OUT/$name.err" </dev/null || rc=$?
	echo "$rc" >"$OUT/$name.rc"
}

plain() {
	run_in plain env -u LD_PRELOAD "$@"
}

# The preload is put after any that the test names in AHEAD, and before those in BEHIND.
shim() {
	rm -f "$OUT/stats"
	run_in shim env LD_PRELOAD="${AHEAD:+$AHEAD:}$SHIM${BEHIND:+:$BEHIND}" \
		REGWAIT_STATS="${REGWAIT_STATS-$OUT/stats}" "$@"
}

# Both must have printed the same and ended the same way, and neither by a signal or a timeout.
same() {
	local part
	for part in out err rc; do
		if ! diff -u "$OUT/plain.$part" "$OUT/shim.$part"; then
			echo "with the shim, this program differs (see above: $part)"
			return 1
		fi
	done
	if (($(<"$OUT/plain.rc") >= 124)); then
		echo "the program fails by itself: exit status $(<"$OUT/plain.rc")"
		return 1
	fi
}

# Runs a program both ways and compares.
both() {
	plain "$@"
	shim "$@"
	same
}

# count KEY [FILE]: the sum over all processes that wrote statistics; 0 where there is no such line.
count() {
	awk -v key="$1" '$1 == key { n += $2 } END { print n + 0 }' "${2:-$OUT/stats}"
}

# counts KEY VALUE [KEY VALUE]...
counts() {
	local key want have bad=0
	if [[ ! -s ${STATS_FILE:-$OUT/stats} ]]; then
		echo "no statistics were written"
		cat "$OUT"/shim.*
		return 1
	fi
	while (($#)); do
		key=$1 want=$2
		shift 2
		have=$(count "$key" "${STATS_FILE:-$OUT/stats}")
		if [[ $have != "$want" ]]; then
			echo "$key is $have, not $want"
			bad=1
		fi
	done
	((bad == 0)) || { cat "${STATS_FILE:-$OUT/stats}"; return 1; }
}

# only_counts KEY VALUE...: these, and that nothing else was counted. Rings with an index of ours, and
# those kept out of iowait, are so beside whatever else they are.
only_counts() {
	local want have
	want=$([[ $# == 0 ]] || printf '%s %s\n' "$@" | sort)
	have=$(awk '/^(rings|waits)\./ && !/^rings.(indexed|no-iowait)/ && $2 { n[$1] += $2 } END { for (k in n) print k, n[k] }' \
		"${STATS_FILE:-$OUT/stats}" | sort)
	diff -u <(echo "$want") <(echo "$have")
}

teardown() {
	close_room
	forget_users
}

# The kernel gives locked memory back some time after a ring has ended, and here it is the same user's all
# the time: waits until the smallest ring can be made by who may lock no more than that. If something else
# of this user's has locked memory, that never is, and a test waits for it once.
nothing_locked() {
	local i
	[ -z "${LOCKED_ELSEWHERE-}" ] || return 0
	for ((i = 0; i < 100; i++)); do
		if prlimit --memlock=8192:8192 "$BIN/common/rings" init 1 | grep -q '^make: 0'; then
			return
		fi
		sleep 0.1
	done
	LOCKED_ELSEWHERE=1
}

# as_user MEMLOCK PROGRAM ARGUMENT...: an ordinary user, if we are root, who has no capabilities, and a
# memory lock limit in bytes; programs of ours are copied to where that user can get at them. Each call
# is a user of its own, since the kernel counts locked memory by user, and takes its time. Sets RUN.
as_user() {
	local memlock=$1 uid=$((40000 + RANDOM % 20000))
	shift
	if [[ $(id -u) == 0 ]]; then
		invent_user "$uid"
		open_room
		if [[ $SHIM != "$OPEN"/* ]]; then
			cp "$SHIM" "$OPEN/libregwait.so"
			SHIM=$OPEN/libregwait.so
		fi
		if [[ $1 == "$BUILT"/* ]]; then
			cp "$1" "$OPEN/"
			set -- "$OPEN/${1##*/}" "${@:2}"
		fi
		RUN=(prlimit --memlock="$memlock:$memlock" --nofile=8192:8192 setpriv --reuid="$uid"
			--regid="$uid" --clear-groups --bounding-set=-all "$@")
	else
		nothing_locked
		RUN=(prlimit --memlock="$memlock:$memlock" "$@")
	fi
}

# traced FILE PROGRAM...: runs it under the shim, and has its io_uring calls in FILE.
traced() {
	local file=$1
	shift
	need_tool strace
	rm -f "$OUT/stats"
	run_in shim strace -f -qq -o "$file" \
		-e trace=io_uring_setup,io_uring_enter,io_uring_register \
		-E LD_PRELOAD="$SHIM" -E REGWAIT_STATS="$OUT/stats" "$@"
}

# Fails where a line of FILE matches, which "! grep" would not do within a bats test.
none() {
	local pattern=$1 file=$2
	if grep -aE -e "$pattern" "$file"; then
		echo "$file should have no such line: $pattern"
		return 1
	fi
}

# Fails where a line of FILE does not match.
all() {
	local pattern=$1 file=$2
	if grep -avE -e "$pattern" "$file"; then
		echo "all lines of $file should be like $pattern"
		return 1
	fi
}
