#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# REGWAIT_SPIN: bare enters look before they sleep, by whichever way they come, and that is all that
# differs.

load ../../lib/integration

setup() {
	[[ $(uname -m) == x86_64 ]] || skip "waits look on x86-64 only"
	programs_setup
	need_registered_waits
	export REGWAIT_SPIN=1000
	BARE=$BIN/spin/spin_bare
	SIGNALS=$BIN/spin/spin_signals
}

# looked AT_LEAST AT_MOST: so many waits looked, and found it or did not.
looked() {
	local all=$(($(count waits.spun) + $(count waits.spun-in-vain)))
	((all >= $1 && all <= $2)) || { echo "$all looked"; cat "$OUT/stats"; return 1; }
}

# both_ways AT_LEAST AT_MOST COMMAND...: on an armed ring, and on one that stays plain.
both_ways() {
	local least=$1 most=$2
	shift 2
	both "$@"
	looked "$least" "$most"
	REGWAIT_MAX_RINGS=0 shim "$@"
	same
	looked "$least" "$most"
	counts rings.armed 0 waits.registered 0
}

# The first two kinds, then COOP_TASKRUN with and without TASKRUN_FLAG, DEFER_TASKRUN with and without it.
KINDS="0 0x100 0x300 0x3000 0x3200"

# By an instruction of the program's own, which no plan names, two of nine waits are not ours.
@test "what comes while they look, submitted by them and before" {
	for kind in $KINDS; do
		both "$BARE" found "$kind"
		looked 14 28
		(($(count waits.spun) >= 14))
		counts rings.armed 1 waits.registered 8 waits.plain.no-timeout 8
	done
	both_ways 14 28 "$BARE" found
	counts waits.plain.too-many-rings 16
}

@test "the same by an instruction that is patched" {
	"$CLI" sites /bin/true >/dev/null 2>&1 || skip "there is no decoder"
	mkdir "$OUT/plans"
	"$CLI" sites --write "$OUT/plans" "$BARE" >"$OUT/sites"
	export REGWAIT_SITES=$OUT/plans
	both_ways 18 36 "$BARE" found
	counts waits.plain.too-many-rings 20
	both "$BARE" nothing
	looked 21 21
	# What is asleep goes by the slot as well.
	REGWAIT_SPIN=auto both "$BARE" asleep
	counts waits.registered 600 waits.spun 0 waits.spun-in-vain 0
	(($(count waits.unspun.auto) >= 64))
	both "$BARE" wrong
	"$CLI" sites --write "$OUT/plans" "$SIGNALS" >"$OUT/sites"
	both "$SIGNALS" signal
	grep -x 'most by the first signal: yes' "$OUT/shim.out"
}

@test "timeouts end in time" {
	both_ways 14 14 "$BARE" nothing
}

@test "waits for several do not look, and of a chain as much is run as without" {
	for kind in $KINDS; do
		both_ways 0 9 "$BARE" many "$kind"
		grep -x 'most by the request: yes' "$OUT/shim.out"
		counts waits.unspun.several 11
	done
}

@test "no wait looks that is over, has a mask or a minimum, or asks for none" {
	both_ways 0 0 "$BARE" never
	counts waits.unspun.signal-mask 2 waits.unspun.min-wait 2 waits.unspun.flags 2
}

@test "what the kernel refuses, and SQEs that it does not take" {
	both "$BARE" wrong
	REGWAIT_MAX_RINGS=0 both "$BARE" wrong
}

@test "a signal handler ends a wait that looks as one that sleeps" {
	both_ways 15 28 "$SIGNALS" signal
	grep -x 'most by the first signal: yes' "$OUT/shim.out"
}

@test "the same where the handler runs on an alternate stack" {
	both_ways 15 28 "$SIGNALS" stack
	grep -x 'most by the first signal: yes' "$OUT/shim.out"
}

@test "a handler on an alternate stack waits itself" {
	both_ways 5 10 "$SIGNALS" inside
}

@test "by a thread that may not wait it fails, by others it is found" {
	both "$SIGNALS" other
	looked 4 7
	both "$SIGNALS" other 0x3000
	looked 0 0
	grep -q 'by another, way 4: EEXIST' "$OUT/shim.out"
}

@test "rings that are polled do not look, nor does a thread whose stack disarms itself" {
	both "$BARE" found 0x2
	looked 0 0
	counts waits.unspun.polling 28
	both "$BARE" disarmed
	looked 0 0
	counts waits.unspun.signals 28
}

# A timed wait by a copy has it looked up.
@test "by a registered index none looks, and by a copy of the descriptor only after a timed wait" {
	both "$BARE" names
	looked 1 8
	counts waits.unspun.index 2 waits.unspun.descriptor 2
}

@test "auto, off, observe, and without the calls of libc's syscall()" {
	REGWAIT_SPIN=auto both "$BARE" found
	for how in REGWAIT_SPIN=off REGWAIT=off REGWAIT=observe; do
		rm -f "$OUT/stats"
		shim env "$how" "$BARE" found
		same
		looked 0 0
	done
	REGWAIT_SYSCALL=off both "$BARE" found
	looked 8 16
}

@test "between the marks nothing is called" {
	need_tool objdump
	objdump -d --no-show-raw-insn --disassemble=look_bare "$SHIM" >"$OUT/look"
	grep -q syscall "$OUT/look"
	none '[[:space:]]call' "$OUT/look"
}

@test "a kernel that looks at the mask first is found out, and not asked again" {
	need_tool strace
	plain "$BARE" found
	rm -f "$OUT/stats"
	# The first enter with this argument is the question whether it can be asked.
	run_in shim strace -f -qq -o "$OUT/trace" -e trace=io_uring_enter \
		-e inject=io_uring_enter:error=EINVAL:when=1 -E LD_PRELOAD="$SHIM" \
		-E REGWAIT_STATS="$OUT/stats" "$BARE" found
	same
	looked 0 0
	counts waits.unspun.kernel 28
}
