# shellcheck shell=bash
# SPDX-License-Identifier: MIT
#
# Runs the oracle programs without and with the shim and compares what they say. Load this file
# from a bats file. A machine that is busy makes any timing unsteady, so nothing is believed at
# once: what differs is run again, with more slack, on both sides. A line counts as
# different when the shim's programs say what plain runs do not, the same time after time: in most
# of the rounds. What comes now and then comes now and then without the shim, too; and where the
# processor was taken away, a program says something else each time.

# shellcheck source=tests/lib/common.bash
source "${BASH_SOURCE[0]%/*}/common.bash"
: "${REGWAIT_LIB:=$SHIM}"

# How often a scenario that differed is run again at most.
: "${ORACLE_ROUNDS:=9}"

oracle_note()
{
	# Bats shows its third descriptor at once, even of tests that pass.
	if { true >&3; } 2>/dev/null; then
		echo "# $*" >&3
	else
		echo "# $*" >&2
	fi
}

# Builds the programs for a liburing version; ORACLE_BIN is where they are then. "system" stands for
# the liburing-dev that is installed, and "VERSION-ffi" for that version's liburing-ffi.so.2.
oracle_prepare()
{
	build_with "$1" || return
	ORACLE_BIN=$(programs_of "$1" differential/oracle)
	export ORACLE_BIN
}

# The programs with a liburing 2.15 inside, built in this way (differential/oracle/inside).
oracle_prepare_inside()
{
	local flavour=$1 status=0
	shift
	ORACLE_BIN=$("$TOP/tests/differential/oracle/inside" "$flavour" "$@") || status=$?
	((status != 77)) || skip "$flavour cannot be built here"
	export ORACLE_BIN
	return "$status"
}

oracle_need_shim()
{
	if [[ ! -e $REGWAIT_LIB ]]; then
		skip "$REGWAIT_LIB is not built"
	fi
}

# The environment of a mode, one assignment per line.
oracle_mode()
{
	case $1 in
	plain) ;;
	on) echo "LD_PRELOAD=$REGWAIT_LIB" ;;
	off) printf '%s\n' "LD_PRELOAD=$REGWAIT_LIB" REGWAIT=off ;;
	# No ring is armed.
	over_limit) printf '%s\n' "LD_PRELOAD=$REGWAIT_LIB" REGWAIT_MAX_RINGS=0 ;;
	poll_off) printf '%s\n' "LD_PRELOAD=$REGWAIT_LIB" REGWAIT_POLL=off ;;
	# Waits of SINGLE_ISSUER rings by the hot path, too, and not by index.
	ringfd_off) printf '%s\n' "LD_PRELOAD=$REGWAIT_LIB" REGWAIT_RINGFD=off ;;
	# All waits are made with another flag, and those of older liburings by us.
	iowait_off) printf '%s\n' "LD_PRELOAD=$REGWAIT_LIB" REGWAIT_IOWAIT=off ;;
	# The same of rings that are not armed.
	iowait_off_over_limit)
		printf '%s\n' "LD_PRELOAD=$REGWAIT_LIB" REGWAIT_IOWAIT=off REGWAIT_MAX_RINGS=0
		;;
	# Waits look before they sleep, as registered waits and as plain ones.
	spin) printf '%s\n' "LD_PRELOAD=$REGWAIT_LIB" REGWAIT_SPIN=50 ;;
	spin_over_limit)
		printf '%s\n' "LD_PRELOAD=$REGWAIT_LIB" REGWAIT_SPIN=50 REGWAIT_MAX_RINGS=0
		;;
	# The same on rings made with COOP_TASKRUN where they ask for nothing of the kind.
	coop)
		printf '%s\n' "LD_PRELOAD=$REGWAIT_LIB" REGWAIT_TASKRUN=coop REGWAIT_SPIN=50
		;;
	# Programs with a liburing inside, by their own system call instructions.
	sites) printf '%s\n' "LD_PRELOAD=$REGWAIT_LIB" "REGWAIT_SITES=$ORACLE_BIN/plans" ;;
	sites_iowait_off)
		printf '%s\n' "LD_PRELOAD=$REGWAIT_LIB" "REGWAIT_SITES=$ORACLE_BIN/plans" \
			REGWAIT_IOWAIT=off
		;;
	# Programs with a liburing newer than we know: by its system call instructions.
	sites_newer)
		printf '%s\n' "LD_PRELOAD=$REGWAIT_LIB" "REGWAIT_SITES=$BATS_TEST_TMPDIR/plans" \
			"LD_LIBRARY_PATH=$BUILT/integration/sites/liburing-2.99"
		;;
	mutant) printf '%s\n' "LD_PRELOAD=$ORACLE_BIN/mutant_wait.so" "MUTANT=${MUTANT:-}" ;;
	*)
		echo "oracle: there is no mode \"$1\"" >&2
		return 1
		;;
	esac
}

# Gives each line a key of its own: what it is about, and its number among those of that name.
oracle_key()
{
	awk '{
		at = index($0, ": ")
		key = substr($0, 1, at - 1)
		sub(/\/$/, "", key)
		print key "#" ++seen[key] "\t" substr($0, at + 2)
	}'
}

# Says what a program says: oracle_say MODE PROGRAM [SCENARIO...]
oracle_say()
{
	local mode=$1 program=$2
	local -a env
	shift 2
	mapfile -t env < <(oracle_mode "$mode")
	# What a wait on descriptor 0 says must not depend on where the tests were started.
	env "${env[@]}" timeout 600 "$ORACLE_BIN/$program" "$@" </dev/null 2>&1 | oracle_key
}

# Says how each case entered the kernel, by strace: oracle_trace MODE PROGRAM [SCENARIO...]
oracle_trace()
{
	local mode=$1 program=$2 log
	local -a env
	shift 2
	log=$(mktemp "$BATS_TEST_TMPDIR/strace.XXXXXX")
	mapfile -t env < <(oracle_mode "$mode")
	timeout 600 strace -f --seccomp-bpf -s 150 -o "$log" \
		-e trace=io_uring_enter,io_uring_setup,io_uring_register,write \
		env "${env[@]}" "$ORACLE_BIN/$program" "$@" </dev/null >/dev/null 2>&1
	awk -v mode="${ORACLE_TRACE:-counts}" -f "$TOP/tests/differential/oracle/trace.awk" "$log" |
		oracle_key
	rm -f "$log"
}

# Prints what FILE says that plain runs do not, and what it leaves out that all of them said; a time
# that a program was unsure of is like any other. What one plain run of more than five says is no
# rule, but a delay:
# oracle_differ FILE PLAIN... -> scenario, key, what FILE says, what plain runs say
oracle_differ()
{
	local file=$1
	shift
	awk -F '\t' -v plains=$# '
		function scenario(key) { sub(/[\/#].*/, "", key); return key }
		function often(nr) { return nr && nr * 5 >= times[$1] }
		function timeless(text) { sub(/ time=[^ ]*/, "", text); return text }
		FNR == 1 { files++ }
		{ bare = timeless($2); unsure = / time=unsure/ }
		files <= plains {
			if (!said[$1, $2]++) {
				all[$1] = all[$1] (all[$1] == "" ? "" : " | ") $2
			}
			anytime[$1, bare]++
			wild[$1, bare] += unsure
			times[$1]++
			next
		}
		{ seen[$1] = 1 }
		often(said[$1, $2]) || often(wild[$1, bare]) || unsure && often(anytime[$1, bare]) {
			next
		}
		{ print scenario($1) "\t" $1 "\t" $2 "\t" all[$1] }
		END {
			for (key in times)
				if (times[key] == plains && !(key in seen))
					print scenario(key) "\t" key "\t(nothing)\t" all[key]
		}' "$@" "$file"
}

oracle_scenarios()
{
	cut -f 1 | sort -u
}

# How often the word of a file came that came most often.
oracle_most()
{
	sort "$1" | uniq -c | sort -rn | awk '{ exit } END { print $1 + 0 }'
}

# Runs a scenario that differed again on both sides, until it is clear: no case differs in more
# than a third of three rounds or more, or one does in all of them, in the same way; else most of
# them decide, or all of them where it differs in another way each time.
oracle_again()
{
	local how=$1 dir=$2 mode=$3 program=$4 scenario=$5 round worst steady
	local plain=$dir/plain.$mode.$scenario seen=$dir/seen.$mode.$scenario
	grep -h "^${scenario}[/#]" "$dir"/plain.[0-9] >"$plain"
	for ((round = 1; round <= ORACLE_ROUNDS; round++)); do
		# More slack each time: delays of a busy machine disappear, a real difference stays.
		ORACLE_SLACK=$((1 + (round + 1) / 2)) "$how" plain "$program" "$scenario" >>"$plain"
		ORACLE_SLACK=$((1 + (round + 1) / 2)) "$how" "$mode" "$program" "$scenario" \
			>"$dir/$mode.$scenario"
		oracle_differ "$dir/$mode.$scenario" "$plain" >"$dir/differ.$mode.$scenario"
		cut -f 2 "$dir/differ.$mode.$scenario" | sort -u >>"$seen.keys"
		cut -f 2,3 "$dir/differ.$mode.$scenario" | sort -u >>"$seen.words"
		cat "$dir/differ.$mode.$scenario" >>"$seen"
		worst=$(oracle_most "$seen.keys")
		steady=$(oracle_most "$seen.words")
		if ((round >= 3 && worst * 3 <= round)); then
			return 0
		elif ((steady == round)) && { ((round >= 4)) ||
			grep -q "^$scenario#.*ended" "$dir/$mode.$scenario"; }; then
			return 1
		fi
	done
	((steady * 2 <= ORACLE_ROUNDS && worst < ORACLE_ROUNDS))
}

# How much slack there should be: what was asked for, or more the busier the processors are.
oracle_slack()
{
	if [[ ${ORACLE_SLACK:-} ]]; then
		echo "$ORACLE_SLACK"
		return
	fi
	awk -v cpus="$(nproc)" '{
		slack = 1 + $1 / cpus / 8
		if (slack > 2)
			slack = 2
		printf "%.1f\n", slack
	}' /proc/loadavg
}

# A program that stops half-way, in the same way on both sides, has tested nothing.
oracle_complete()
{
	local said=$1 program=$2 name
	while read -r name; do
		# shellcheck disable=SC2254 # a pattern is what it is
		case $name in ${ORACLE_ONLY:-*}) ;; *) continue ;; esac
		if ! grep -q "^${name}[/#]" "$said"; then
			echo "$program $name says nothing without the shim"
			return 1
		elif grep "^${name}#.*\\(ended\\|gave up\\)" "$said"; then
			echo "$program $name does not work without the shim"
			return 1
		fi
	done < <("$ORACLE_BIN/$program" --list)
}

# Five modes at a time, since they mostly sleep; two where the rings of all count together, of which the
# kernel frees some late, so that a scenario with a hundred of them would meet the limit of locked memory.
oracle_jobs()
{
	if locks_are_limited; then
		echo "${ORACLE_JOBS:-2}"
	else
		echo "${ORACLE_JOBS:-5}"
	fi
}

# oracle_run_all HOW DIR PROGRAM MODE...
oracle_run_all()
{
	local how=$1 dir=$2 program=$3 mode running=0 jobs
	shift 3
	jobs=$(oracle_jobs)
	for mode; do
		ORACLE_SLACK=$slack "$how" "${mode%%.*}" "$program" ${ORACLE_ONLY:+"$ORACLE_ONLY"} \
			>"$dir/$mode" &
		if ((++running % jobs == 0)); then
			wait
		fi
	done
	wait
}

# The scenarios of a mode that differ from the plain runs so far.
oracle_differing()
{
	oracle_differ "$1/$2" "$1"/plain.[0-9] | oracle_scenarios
}

# Compares a program in some modes with itself in none; ORACLE_ONLY chooses scenarios:
# oracle_compare oracle_say|oracle_trace PROGRAM MODE...
oracle_compare()
{
	local how=$1 program=$2 dir mode scenario failed=0 unsteady=() again=() slack i status
	shift 2
	dir=$(mktemp -d "$BATS_TEST_TMPDIR/compare.XXXXXX")
	slack=$(oracle_slack)
	oracle_run_all "$how" "$dir" "$program" plain.1 "$@"
	if [[ ! -s $dir/plain.1 ]]; then
		echo "$how shows nothing of $program without the shim"
		return 1
	fi
	# A scenario may enter nothing, and so leave no trace.
	[ "$how" != oracle_say ] || oracle_complete "$dir/plain.1" "$program" || return
	for mode; do
		# Most of what differs differs between plain runs, too.
		if [[ ! -e $dir/plain.2 && $(oracle_differing "$dir" "$mode") ]]; then
			oracle_run_all "$how" "$dir" "$program" plain.2
		fi
		while read -r scenario; do
			again+=("$mode $scenario")
		done < <(oracle_differing "$dir" "$mode")
	done
	for ((i = 0; i < ${#again[@]}; i++)); do
		read -r mode scenario <<<"${again[i]}"
		{
			status=0
			oracle_again "$how" "$dir" "$mode" "$program" "$scenario" </dev/null ||
				status=$?
			echo $status >"$dir/again.$i"
		} &
		if (((i + 1) % $(oracle_jobs) == 0)); then
			wait
		fi
	done
	wait
	for ((i = 0; i < ${#again[@]}; i++)); do
		read -r mode scenario <<<"${again[i]}"
		if (($(<"$dir/again.$i") == 0)); then
			unsteady+=("$scenario($mode)")
			continue
		fi
		failed=1
		oracle_complain "$how" "$dir" "$mode" "$program" "$scenario"
	done
	if ((${#unsteady[@]})); then
		oracle_note "$program: unsteady, and alike when run again: ${unsteady[*]}"
	fi
	return "$failed"
}

# Says what differs and how to see it.
oracle_complain()
{
	local how=$1 dir=$2 mode=$3 program=$4 scenario=$5 key got plain times rest
	echo "$how: ${ORACLE_BIN##*/} $program $scenario differs with" \
		"$(oracle_mode "$mode" | xargs)"
	sort "$dir/seen.$mode.$scenario" | uniq -c | sort -rn | head -10 |
		while read -r times rest; do
			IFS=$'\t' read -r _ key got plain <<<"$rest"
			printf '  %s (%d times)\n    plain: %s\n    %s: %s\n' \
				"$key" "$times" "$plain" "$mode" "$got"
		done
}
