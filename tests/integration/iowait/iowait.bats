#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# REGWAIT_IOWAIT=off: every wait of a ring that we see is made with IORING_ENTER_NO_IOWAIT, and that
# is all that differs.

load ../../lib/integration
load flags

setup() {
	programs_setup
	need_no_iowait
	need_registered_waits
}

each_release() {
	local version
	for version in 2.3 2.9 2.15; do
		programs_setup $version
		"$@"
	done
}

waits_of_a_release() {
	ways init waits
	counts rings.no-iowait 1 rings.seen 1 rings.armed 1
	grep -q '^wait-cqe yes' "$OUT/off"
	grep -q '^submit-and-wait yes' "$OUT/off"
	grep -q '^wait-cqe-timeout yes' "$OUT/off"
}

@test "liburing's waits, timed or not, of 2.3, 2.9 and 2.15" {
	each_release waits_of_a_release
}

bare_of_a_release() {
	ways init bare
	counts rings.no-iowait 1
	for name in enter enter2 enter2-timed syscall syscall-timed enter2-timed-again; do
		grep -q "^$name yes" "$OUT/off"
	done
	# The ring's descriptor is all that there is.
	ways index bare
}

@test "bare enters: io_uring_enter, io_uring_enter2 and syscall, by descriptor and by index" {
	each_release bare_of_a_release
}

plain_of_a_release() {
	local how
	for how in init disabled index; do
		plain "$BIN/iowait/iowait" $how waits
		enters "$OUT/off" REGWAIT_IOWAIT=off REGWAIT_MAX_RINGS=0 "$BIN/iowait/iowait" $how waits
		same
		all_out "$OUT/off"
		counts rings.no-iowait 1 rings.armed 0
	done
	plain "$BIN/iowait/iowait" init bare
	enters "$OUT/off" REGWAIT_IOWAIT=off REGWAIT_MAX_RINGS=0 "$BIN/iowait/iowait" init bare
	same
	all_out "$OUT/off"
}

@test "rings that are not armed" {
	each_release plain_of_a_release
}

kinds_of_a_release() {
	local kind
	# SQPOLL, COOP_TASKRUN with TASKRUN_FLAG, SINGLE_ISSUER, DEFER_TASKRUN with it.
	for kind in 0x2 0x300 0x1000 0x3200; do
		ways init waits $kind
		counts rings.no-iowait 1
	done
}

@test "rings of other kinds: SQPOLL, COOP_TASKRUN, SINGLE_ISSUER, DEFER_TASKRUN" {
	each_release kinds_of_a_release
}

made_otherwise() {
	ways params waits
	ways disabled waits
	ways index waits
	ways mapped waits
	counts rings.no-iowait 1
	ways init copy
	ways init child
}

@test "rings that are mapped, enabled, indexed, copied, inherited" {
	each_release made_otherwise
}

@test "a ring that is resized keeps what it had" {
	for version in 2.9 2.15; do
		programs_setup $version
		ways init resized 0x3000
		grep -q "resize: 0" "$OUT/shim.out"
	done
}

bound_before() {
	# What was bound before the start, and made read-only, is read-only afterwards.
	enters "$OUT/off" REGWAIT_IOWAIT=off "$BIN/iowait/iowait-now" init waits
	all_out "$OUT/off"
	grep -q '^wait-cqe yes' "$OUT/off"
	run_in shim env LD_PRELOAD="$SHIM" REGWAIT_IOWAIT=off "$BIN/iowait/iowait-now" init protection
	grep -x "read-only after: yes" "$OUT/shim.out"
	# What is loaded later is bound to us as well.
	enters "$OUT/off" REGWAIT_IOWAIT=off "$BIN/iowait/iowait" init plugin "$BIN/iowait/plugin.so"
	all_out "$OUT/off"
	[ "$(grep -c '^plugin' "$OUT/off")" = 2 ]
	enters "$OUT/off" LD_BIND_NOW=1 REGWAIT_IOWAIT=off "$BIN/iowait/iowait" init plugin \
		"$BIN/iowait/plugin.so"
	all_out "$OUT/off"
	[ "$(grep -c '^plugin' "$OUT/off")" = 2 ]
}

@test "calls that were bound before the start, and of a library that is loaded later" {
	each_release bound_before
}

@test "liburing-ffi" {
	programs_setup 2.9-ffi
	ways init waits
	counts rings.no-iowait 1
}

@test "a program that sets the bit has it, one that clears it keeps iowait" {
	programs_setup 2.15
	enters "$OUT/sets" "$BIN/iowait/iowait" init sets
	all_out "$OUT/sets"
	plain "$BIN/iowait/iowait" init keeps
	enters "$OUT/keeps" REGWAIT_IOWAIT=off "$BIN/iowait/iowait" init keeps
	same
	none_out "$OUT/keeps"
	enters "$OUT/sets" REGWAIT_IOWAIT=off "$BIN/iowait/iowait" init sets
	all_out "$OUT/sets"
}

# From its own flag on a program decides: what came before it had ours, what comes after has none.
own_of_a_release() {
	enters "$OUT/own" REGWAIT_IOWAIT=off "$BIN/iowait/iowait" init own
	sed '/^own/,$d' "$OUT/own" >"$OUT/before"
	sed '1,/^own/d' "$OUT/own" >"$OUT/after"
	[ -s "$OUT/before" ] && [ -s "$OUT/after" ]
	all_out "$OUT/before"
	grep -x "own yes" "$OUT/own"
	none_out "$OUT/after"
	enters "$OUT/own" "$BIN/iowait/iowait" init own
	[ "$(grep -c yes "$OUT/own")" = 1 ]
	# The wait that had it was registered all the same.
	plain "$BIN/iowait/iowait" init own
	REGWAIT_IOWAIT=off shim "$BIN/iowait/iowait" init own
	same
	counts waits.registered 9
}

@test "a program that has the flag in an enter of its own decides for itself from then on" {
	each_release own_of_a_release
}

@test "in a sandbox that was entered, bare enters and older releases are left alone" {
	for version in 2.3 2.9 2.15; do
		programs_setup $version
		plain "$BIN/iowait/iowait" init sandbox
		enters "$OUT/off" REGWAIT_IOWAIT=off "$BIN/iowait/iowait" init sandbox
		same
		all_out <(grep -v '^in-sandbox' "$OUT/off")
		grep -x 'wait-cqe yes' "$OUT/off"
		none '^in-sandbox-(enter|syscall).* yes$' "$OUT/off"
		grep -x 'in-sandbox-enter2-timed no' "$OUT/off"
		if [[ $version == 2.15 ]]; then
			grep -x 'in-sandbox-wait-cqe yes' "$OUT/off"
		else
			none '^in-sandbox.* yes$' "$OUT/off"
			grep -x 'in-sandbox-wait-cqe no' "$OUT/off"
		fi
	done
}

@test "off and observe change nothing; ab keeps both variants out" {
	for version in 2.3 2.15; do
		programs_setup $version
		for mode in off observe; do
			enters "$OUT/none" REGWAIT=$mode REGWAIT_IOWAIT=off "$BIN/iowait/iowait" init waits
			none_out "$OUT/none"
			counts rings.no-iowait 0
		done
		enters "$OUT/ab" REGWAIT=ab REGWAIT_IOWAIT=off "$BIN/iowait/iowait" init waits
		all_out "$OUT/ab"
	done
}

@test "REGWAIT_SYSCALL=off leaves what comes by syscall alone" {
	enters "$OUT/off" REGWAIT_SYSCALL=off REGWAIT_IOWAIT=off "$BIN/iowait/iowait" init bare
	none '^syscall.* yes' "$OUT/off"
	all_out <(grep ^enter "$OUT/off")
}

# What the kernel writes into the parameters, but for one feature.
@test "a kernel without the feature: nothing is done" {
	local version params
	for version in 2.3 2.15; do
		programs_setup $version
		rm -f "$OUT/stats"
		params=$("$BIN/iowait/waiters" hidden)
		plain "$BIN/iowait/iowait" params waits
		run_in shim strace -f -qq -o "$OUT/enters" -e trace=io_uring_setup,io_uring_enter \
			-e raw=io_uring_enter -e "inject=io_uring_setup:poke_exit=@arg2=$params" \
			-E LD_PRELOAD="$SHIM" -E REGWAIT_STATS="$OUT/stats" -E REGWAIT_IOWAIT=off \
			"$BIN/iowait/iowait" params waits
		same
		none 'io_uring_enter\(([^,]*, ){3}0x[0-9a-f]*[89a-f][0-9a-f],' "$OUT/enters"
		counts rings.no-iowait 0 rings.armed 1
	done
}

in_iowait() { awk '$1 == "procs_blocked" { print $2 }' /proc/stat; }

# The fewest, of some looks.
blocked() {
	local least='' i now
	for ((i = 0; i < 30; i++)); do
		now=$(in_iowait)
		[[ $least && $least -lt $now ]] || least=$now
		sleep 0.01
	done
	echo "$least"
}

# with_waiters NR COMMAND [VARIABLE=VALUE...]: while so many threads wait; they are pinned to one processor.
with_waiters() {
	local nr=$1 command=$2 status=0 pid
	shift 2
	coproc WAITING { exec env "$@" taskset -c 0 "$BIN/iowait/waiters" "$nr"; }
	# When it has ended, the shell forgets its number.
	pid=$WAITING_PID
	until_true sleeping "$pid" "$nr" && $command || status=1
	echo >&"${WAITING[1]}"
	wait "$pid" || true
	return $status
}

# Do so many threads of a process wait for a ring?
sleeping() {
	(($(cat "/proc/$1"/task/*/syscall 2>/dev/null | grep -c '^426 ') == $2))
}

fewer_than() { (($(in_iowait) < $1)); }

iowait_of_a_release() {
	local before
	before=$(blocked)
	(($(with_waiters 100 blocked LD_PRELOAD="$SHIM") >= 100))
	# Of others many may be in iowait for a while, but if ours were, there would never be so few.
	with_waiters 100 "until_true fewer_than $((before + 50))" LD_PRELOAD="$SHIM" REGWAIT_IOWAIT=off
}

@test "what the kernel counts: a hundred threads that wait for a descriptor are not in iowait" {
	[[ $(uname -m) == @(x86_64|aarch64) ]] || skip "io_uring_enter may have another number here"
	each_release iowait_of_a_release
}

# Of three seconds: how much of the time the processor was idle, in iowait or not; how much of that was
# iowait; and how often anybody was seen to be in iowait. All in percent.
idle_and_iowait() {
	local i
	{
		grep '^cpu0 ' /proc/stat
		for ((i = 0; i < 60; i++)); do
			sleep 0.05
			grep '^procs_blocked ' /proc/stat
		done
		grep '^cpu0 ' /proc/stat
	} | awk '/^procs/ { seen += $2 > 0; looks++; next }
		{ for (i = 2; i <= 9; i++) n[i] = $i - n[i] }
		END {
			for (i = 2; i <= 9; i++)
				all += n[i]
			idle = n[5] + n[6]
			print int(100 * idle / all), int(100 * n[6] / (idle ? idle : 1)), int(100 * seen / looks)
		}'
}

@test "what monitoring sees: a processor that has nothing to do is not in iowait" {
	[[ $(uname -m) == @(x86_64|aarch64) ]] || skip "io_uring_enter may have another number here"
	local idle iowait others
	read -r idle iowait others < <(with_waiters 1 idle_and_iowait LD_PRELOAD="$SHIM")
	((idle >= 80)) || skip "the processor has other things to do: $idle % idle"
	((iowait >= 90))
	read -r idle iowait others < <(with_waiters 1 idle_and_iowait LD_PRELOAD="$SHIM" REGWAIT_IOWAIT=off)
	((idle >= 80)) || skip "the processor has other things to do: $idle % idle"
	# Waits of others, such as of the tests beside this one, count as well.
	((others <= 30)) || skip "others are in iowait: $others % of the time"
	((iowait <= 10 + 2 * others))
}
