# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034 # what is set here is used by those who load it
# For the tests of the command: runs it, and sees to what it leaves behind. Other processes of this
# machine may have pages too: only those of our own are looked at.

# shellcheck source=tests/lib/common.bash
source "${BASH_SOURCE[0]%/*}/common.bash"
BIN=$BUILT/cli
PAGES=/dev/shm/regwait-$(id -u)
# The PID namespace, by which a page is named.
NS=$(stat -Lc %i /proc/self/ns/pid)

# The command knows where it really is, which is where it looks for the library. Whether it copes
# with a space in there is for tests of their own.
if [[ $(realpath "$CLI") == *[[:space:]:]* ]]; then
	if [[ ! -e $BATS_RUN_TMPDIR/regwait ]]; then
		cp "$SHIM" "$CLI" "$BATS_RUN_TMPDIR"
		[[ ! -e ${SHIM%/*}/regwait-decoder.so ]] ||
			cp "${SHIM%/*}/regwait-decoder.so" "$BATS_RUN_TMPDIR"
	fi
	CLI=$BATS_RUN_TMPDIR/regwait
fi

tool_setup() {
	[[ -x $CLI ]] || { echo "$CLI is missing: run make"; return 1; }
	build cli-programs || return 1
	OUT=$BATS_TEST_TMPDIR
	STARTED=()
	unset "${!REGWAIT_@}" REGWAIT LD_PRELOAD
}

# Is it a process of this test? One that has ended may have left its number to one of another suite.
is_of_this_test() {
	jobs -pr | grep -qx "$1" || grep -qzF "$BATS_TEST_TMPDIR" "/proc/$1/environ" 2>/dev/null
}

# Ends what was started, and removes its page.
tool_teardown() {
	local pid
	for pid in "${STARTED[@]}"; do
		! is_of_this_test "$pid" || kill -KILL "$pid" 2>/dev/null || true
		wait "$pid" 2>/dev/null || true
		rm -f "$PAGES/$NS-$pid"
	done
	close_room
	forget_users
	[[ -z ${OTHER:-} ]] || rm -rf "/dev/shm/regwait-$OTHER"
}

# From here on, tool runs the command as another user: one of that number, or one of our own.
as_uid() {
	AS=(setpriv --reuid="$1" --regid="$1" --clear-groups --)
	open_built "${AS[@]}"
}

as_other() {
	need_root
	OTHER=$((42000 + BASHPID % 1000))
	invent_user "$OTHER"
	as_uid "$OTHER"
}

# From here on, tool runs the command where /dev/shm has room for a directory and no page.
as_full() {
	need_root
	# shellcheck disable=SC2016 # for the shell that is run
	AS=(unshare -m sh -c 'mount -t tmpfs -o size=4k none /dev/shm && echo >/dev/shm/fill && exec "$@"' sh)
	"${AS[@]}" true || skip "no file system may be mounted here"
}

# A copy of the waiter where everybody can get at it, which bats' own directory may not be.
open_copy() {
	open_room
	OUT=$OPEN unique_copy "$BIN/waiter"
}

# tool ARGUMENT...: runs the command; sets rc, fills $OUT/out and $OUT/err.
tool() {
	rc=0
	timeout -k 2 "${LIMIT:-120}" "${AS[@]}" "$CLI" "$@" \
		>"$OUT/out" 2>"$OUT/err" </dev/null || rc=$?
}

# ended WITH: the exit status of the last tool.
ended() {
	[[ $rc == "$1" ]] && return 0
	echo "exit status $rc, not $1"
	cat "$OUT/out" "$OUT/err"
	return 1
}

# The last comparison has a verdict; with so few pairs and a busy machine, any verdict may come.
judged() {
	case $rc in
	0 | 10 | 11 | 12) return 0 ;;
	*) ended "a verdict" ;;
	esac
}

# said out|err PATTERN, and its opposite.
said() {
	grep -qE -e "$2" "$OUT/$1" && return 0
	echo "std$1 lacks: $2"
	cat "$OUT/$1"
	return 1
}

unsaid() {
	grep -E -e "$2" "$OUT/$1" || return 0
	echo "std$1 should lack: $2"
	return 1
}

# silent out|err
silent() {
	[[ -s $OUT/$1 ]] || return 0
	echo "std$1 should be empty:"
	cat "$OUT/$1"
	return 1
}

# json FILE KEY...: what is there; json FILE alone: is it valid?
json() {
	local file=$OUT/$1
	shift
	"$BIN/json" "$@" <"$file"
}

# misused ARGUMENT...: usage errors go to standard error, one line and a hint.
misused() {
	tool "$@"
	ended 2 && silent out && said err '^regwait' && said err '^(Try: regwait|Usage: )'
}

# begin PROGRAM...: in the background with a page of its own, until the test ends. Sets pid. Waits
# until it has counted a wait, or until what is in ready.
begin() {
	env LD_PRELOAD="$SHIM" REGWAIT_LIVE=on "$@" >"$OUT/program.out" 2>&1 </dev/null 3>&- &
	pid=$!
	STARTED+=("$pid")
	until_true "${ready:-counted_some}" "$pid"
}

counted_some() {
	"$CLI" stat --json "$1" >"$OUT/first" 2>/dev/null &&
		(($(json first waits.registered) + $(json first rings.seen) > 1))
}

# With REGWAIT=off nothing is counted.
off_page() {
	[[ $("$CLI" stat --json "$1" 2>/dev/null) == *'"mode":"off"'* ]]
}

# A copy of a program under a name that nobody else's has. Sets copy and its base name.
unique_copy() {
	name=w$$-$RANDOM
	copy=$OUT/$name
	cp "$1" "$copy"
}

# Pages of programs of that name, which are cut to 31 characters.
pages_of() {
	[[ ! -d $PAGES ]] || grep -laF -e "$1" "$PAGES"/* 2>/dev/null || true
}

# Nothing is left of a program of that name: no process, no page.
nothing_left() {
	local left
	left=$(pgrep -f -- "/$1( |\$)" || true)$(pages_of "$1")
	[[ -z $left ]] && return 0
	echo "left behind by $1: $left"
	return 1
}
