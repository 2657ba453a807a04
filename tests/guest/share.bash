# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154,SC2034,SC2004 # its variables are those of tests/check
# For tests/check where no wait can be registered: what needs that is run in guests, a few suites in
# each, and what is nothing for a guest is skipped. A guest is run as a suite is, and is called guest/N.

declare -A suites_in=() left_out=()
no_waits='' can_register=build/tests/integration/common/can_register

# Divides the suites among this machine and guests, by what tests/suites says that they need.
share_suites() {
	local name here=() there=()
	# If nothing is built, the suites say so.
	[ -x "$can_register" ] || return 0
	no_waits=$("$can_register" 2>&1) && return
	for name in "${names[@]}"; do
		case ${needs_of[$name]} in
		-) here+=("$name") ;;
		waits) there+=("$name") ;;
		host) left_out[$name]='needs registered waits on a real machine, see tests/suites' ;;
		esac
		# Suites that measure would have to be alone; they are not run in guests.
		[ "${class_of[$name]}" != alone ] || class_of[$name]=computes
	done
	names=("${here[@]}")
	fill_guests "${there[@]}"
}

# More guests than processors, so that the last ones end at about the same time, but each costs a
# boot and a gigabyte.
fill_guests() {
	local name i=0 held guests=$((2 * computing))
	((guests <= 6)) || guests=6
	((guests <= $#)) || guests=$#
	# Those of a kind are neighbours, and take about as long: they go to different guests.
	for name; do
		suites_in[guest/$((i++ % guests + 1))]+="$name "
	done
	for ((i = 1; i <= guests; i++)); do
		name=guest/$i
		names+=("$name")
		class_of[$name]=computes
		# Before all others.
		seconds_of[$name]=999
		command_of[$name]="tests/guest/run --log $place/$name.console env CHECK_INSIDE=1 tests/check"
		[ "$form" = check ] || command_of[$name]+=' --long'
		read -ra held <<<"${suites_in[$name]}"
		command_of[$name]+=$(printf ' ^%s$' "${held[@]}")
	done
}

# Why it is as it is, and what is skipped, before anything is run.
tell_shares() {
	local name
	[ -n "$no_waits" ] || return 0
	echo "Here no wait can be registered: $no_waits"
	echo "What needs that is run in emulated machines (tests/guest/run). That takes minutes."
	for name in "${!left_out[@]}"; do
		printf '%-34s skipped: %s\n' "$name" "${left_out[$name]}"
	done | sort
	skipped=${#left_out[@]}
}

# said_in_guest LOG NAME: what a guest said of one suite, that is a line, and what belongs to it.
said_in_guest() {
	awk -v name="$2" '/^$/ { on = 0 } /^[^ ]+ +(passed|skipped|FAILED)/ { on = $1 == name } on' "$1"
}

# finish_guest NAME STATUS: counts what its suites did. What each said is kept as if it had run here.
finish_guest() {
	local guest=$1 status=$2 log=$place/$1.log name own word machine
	machine=$(sed -n 's/^guest: \(.*, without KVM\).*/\1/p' "$log")
	printf '%-34s %d s: %s\n' "$guest" $((SECONDS - ${started[$guest]})) "${machine:-there is none}"
	for name in ${suites_in[$guest]}; do
		own=$place/$name.log
		mkdir -p "$(dirname "$own")"
		said_in_guest "$log" "$name" >"$own"
		word=$(awk 'NR == 1 { sub(",", "", $2); print $2 }' "$own")
		case $word in
		passed) passed=$((passed + 1)) in_guests=$((in_guests + 1)) ;;
		skipped) skipped=$((skipped + 1)) ;;
		FAILED) failed=$((failed + 1)); failures+=("$name") ;;
		*) no_word_of "$name" "$status" "$log" >"$own"
			if [ "$status" = 77 ]; then
				skipped=$((skipped + 1))
			else
				failed=$((failed + 1))
				failures+=("$name")
			fi ;;
		esac
		sed 's/^/  /' "$own"
	done
	tried_again_in "$log"
}

# no_word_of NAME STATUS LOG: there was no guest, or it ended too early.
no_word_of() {
	if [ "$2" = 77 ]; then
		printf '%-34s skipped: %s\n' "$1" "$(grep -v 'without KVM: ' "$3" | paste -sd ' ')"
	else
		printf '%-34s FAILED: the guest ended (%s) before it did, saying\n' "$1" "$2"
		tail -n 15 "$3" | sed 's/^/    /'
	fi
}

tried_again_in() {
	local line
	while read -r line; do
		unsteady+=("$line, in a guest")
	done < <(sed -n 's/^tried again (tests\/unsteady): //p' "$1")
}
