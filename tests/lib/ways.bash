# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034 # what is set here is used by those who load it
# For tests whose judge is the program itself: it is run without the preload, with REGWAIT=off and
# with it, and must say the same and end the same way each time.

# shellcheck source=tests/lib/integration.bash
source "${BASH_SOURCE[0]%/*}/integration.bash"

# ways_setup FOLDER: builds the programs; BIN is where those of that folder of tests/integration
# are.
ways_setup() {
	# shellcheck disable=SC2119 # its version is optional
	programs_setup || return
	BIN=$BUILT/integration/$1
}

# needs_rings: skips where none can be made, or not waited on.
needs_rings() {
	"$BUILT/integration/common/rings_work" || skip "no ring can be made here"
}

# without|off|with PROGRAM ARGUMENT...: one run, in $OUT/WAY.out, .err and .rc. SETTINGS are words
# for env in the last two, RUN what stands before it (prlimit, setpriv).
one_way() {
	local way=$1 set=()
	shift
	case $way in
	off) set=(LD_PRELOAD="$SHIM" "${SETTINGS[@]}" REGWAIT=off) ;;
	with) set=(LD_PRELOAD="$SHIM" "${SETTINGS[@]}") ;;
	esac
	rc=0
	timeout -k 2 "${LIMIT:-120}" "${RUN[@]}" env -u LD_PRELOAD "${set[@]}" "$@" \
		>"$OUT/$way.out" 2>"$OUT/$way.err" </dev/null 3>&- || rc=$?
	echo "$rc" >"$OUT/$way.rc"
}

without() { one_way without "$@"; }
off() { one_way off "$@"; }
with() { one_way with "$@"; }

# as_without WAY: did that run say what the one without said? What is in PARTS decides, out err rc.
as_without() {
	local part
	for part in ${PARTS:-out err rc}; do
		if ! diff -u --label without --label "$1" "$OUT/without.$part" "$OUT/$1.$part"; then
			echo "$1 differs from without (see above: $part); it ended with $(<"$OUT/$1.rc")"
			cat "$OUT/$1.err"
			return 1
		fi
	done
}

# all_ways PROGRAM ARGUMENT...: without, and in all other WAYS.
all_ways() {
	local way bad=0
	without "$@"
	if ((rc)); then
		cat "$OUT/without.out" "$OUT/without.err"
		# 77: the program says that what it needs is not available here.
		((rc != 77)) || skip "$(tail -n 1 "$OUT/without.err")"
		echo "the program fails by itself: exit status $rc"
		return 1
	fi
	for way in ${WAYS:-off with}; do
		one_way "$way" "$@"
		as_without "$way" || bad=1
	done
	return $bad
}

# in_the_open PROGRAM: copies it and the library to OPEN, where other users can get at them.
in_the_open() {
	open_room
	cp "$SHIM" "$1" "$OPEN/"
	SHIM=$OPEN/libregwait.so
}

# as_nobody: from here on, programs run as an ordinary user.
as_nobody() {
	if [[ $(id -u) == 0 ]]; then
		RUN+=(setpriv --reuid=65534 --regid=65534 --clear-groups --bounding-set=-all)
		open_built "${RUN[@]}"
	fi
}
