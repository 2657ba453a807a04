# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034 # what is set here is used by those who load it
# For instructions and timing: the rows of ./limits and how one is run.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
here=$top/tests/integration/unregistered
shim=${SHIM:-$top/build/libregwait.so}
programs=$top/build/tests/integration/unregistered
unset "${!REGWAIT@}" LD_PRELOAD SWITCH_OFF

# Exits with 77 where rows cannot be run.
need_rows()
{
	[ -r "$shim" ] || { echo "$shim is missing: run make" >&2; exit 1; }
	[ "${TESTS_BUILT-}" ] || make -s -C "$top" "${programs#"$top/"}"/{rows,steps} || exit
	"$programs/rows" untimed time 1 >/dev/null 2>&1 ||
		{ echo "no ring can be made here, or not waited on" >&2; exit 77; }
}

# each_row FUNCTION [PATTERN...]: calls FUNCTION NAME MAXIMUM THREADS [SETTING...] for each row that
# matches one of the patterns, or for all.
each_row()
{
	local function=$1 line pattern
	shift
	while read -r -a line <&3; do
		[[ ${line[0]:-#} != '#'* ]] || continue
		for pattern in "${@:-*}"; do
			# shellcheck disable=SC2053 # a pattern
			[[ ${line[0]} == $pattern ]] || continue
			"$function" "${line[@]}"
			break
		done
	done 3<"$here/limits"
}

# settings WAY [SETTING...]: fills the array set, words for env.
settings()
{
	local way=$1
	shift
	case $way in
	without) set=() ;;
	off) set=(LD_PRELOAD="$shim" "$@" REGWAIT=off) ;;
	with) set=(LD_PRELOAD="$shim" "$@") ;;
	esac
	# Only a process with a page of its own can be switched off.
	if [[ $way == with && " $* " == *REGWAIT_LIVE=on* ]]; then
		set+=(SWITCH_OFF="$top/build/regwait set")
	fi
}
