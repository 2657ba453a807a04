# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034 # what is set here is used by those who load it
# What all bats files share: where things are, how programs get built, what a machine lacks. The
# files of this folder load it: integration.bash, cli.bash and oracle.bash, each for its kind.

TOP=$(cd "${BASH_SOURCE[0]%/*}/../.." && pwd)
# LD_PRELOAD takes a space or a colon for the end of a name.
if [[ $TOP == *[[:space:]:]* ]]; then
	[[ -e $BATS_RUN_TMPDIR/top ]] || ln -s "$TOP" "$BATS_RUN_TMPDIR/top"
	TOP=$BATS_RUN_TMPDIR/top
fi
# shellcheck source=tests/lib/limits.bash
source "${BASH_SOURCE[0]%/*}/limits.bash"
# SHIM and CLI may name other builds of them, with sanitizers for example.
SHIM=${SHIM:-$TOP/build/libregwait.so}
CLI=${CLI:-$TOP/build/regwait}
BUILT=$TOP/build/tests
# "LIBURING=2.9 bats ..." runs what takes the system's liburing with that release instead.
LIBURING=${LIBURING:-system}

# build TARGET...: of tests.mk. Tests of several files may come here at once.
build() {
	[[ ! ${TESTS_BUILT:-} ]] || return 0
	mkdir -p "$BUILT"
	if ! flock "$BUILT/.lock" env -u MAKEFLAGS -u MAKELEVEL \
		make -s -C "$TOP" "$@" >"$BATS_TEST_TMPDIR/build.log" 2>&1; then
		cat "$BATS_TEST_TMPDIR/build.log"
		return 1
	fi
}

# build_with VERSION [TARGET...]: the programs of that liburing, or these targets; skips the test
# if it is not available. Call it in setup(), since a skip in setup_file() is a failure.
build_with() {
	local version=${1/#system/$LIBURING} status=0
	shift
	if [[ $version == system ]]; then
		build "${@:-programs-system}"
		return
	fi
	"$TOP/tests/fetch" liburing "${version%-ffi}" >/dev/null 2>"$BATS_TEST_TMPDIR/fetch" ||
		status=$?
	if ((status == 77)); then
		skip "liburing $version: $(<"$BATS_TEST_TMPDIR/fetch")"
	elif ((status)); then
		cat "$BATS_TEST_TMPDIR/fetch"
		return "$status"
	fi
	build "${@:-programs-$version}"
}

# programs_of VERSION [FOLDER]: where the programs of a folder of tests are.
programs_of() {
	local version=${1/#system/$LIBURING}
	echo "$BUILT/${version/%system/.}/${2:-integration}"
}

# Where nothing can be registered, registered waits cannot be tested.
need_registered_waits() {
	"$BUILT/integration/common/can_register" 2>/dev/null ||
		skip "this kernel has no registered waits, or io_uring is not allowed here"
}

need_tool() {
	command -v "$1" >/dev/null || skip "$1 is not installed"
}

need_root() {
	[[ $(id -u) == 0 ]] || skip "only root can become another user"
}

# A directory where everybody can get at what is copied there, which bats' own and the one that we are
# in need not be: sets OPEN, and removes it in teardown.
open_room() {
	[[ ! ${OPEN:-} ]] || return 0
	OPEN=$(mktemp -d "${TMPDIR:-/tmp}/regwait-open.XXXXXX")
	chmod 755 "$OPEN"
}

# open_built AS...: where whoever AS makes of us cannot get at what was built, BIN, SHIM and CLI become
# copies that everybody can.
open_built() {
	! "$@" test -x "$BIN" -a -r "$SHIM" -a -x "${CLI:-$BIN}" || return 0
	open_room
	cp -r "$BIN" "$OPEN/programs"
	cp "$SHIM" ${CLI:+"$CLI"} "$OPEN"
	BIN=$OPEN/programs SHIM=$OPEN/libregwait.so CLI=${CLI:+"$OPEN/regwait"}
}

close_room() {
	[[ ! ${OPEN:-} ]] || rm -rf "$OPEN"
}

# invent_user [UID]: a user that is nobody else's, in AS_UID. What the library counts locked memory
# in is a user's and stays when its last process ends: forget_users, in teardown, removes it.
invent_user() {
	AS_UID=${1:-$((40000 + RANDOM % 20000))}
	INVENTED+=("$AS_UID")
}

forget_users() {
	local uid
	[[ -r /proc/sysvipc/sem ]] || return 0
	for uid in "${INVENTED[@]}"; do
		awk -v uid="$uid" '$5 == uid || $7 == uid { print $2 }' /proc/sysvipc/sem |
			xargs -r -n 1 ipcrm -s
	done
}

# until_true COMMAND...: two minutes at the most, of which a processor may be taken away for a while.
until_true() {
	local i
	for ((i = 0; i < 2400; i++)); do
		"$@" && return 0
		sleep 0.05
	done
	echo "never came true: $*"
	return 1
}
