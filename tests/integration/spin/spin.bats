#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# REGWAIT_SPIN: waits look before they sleep, and that is all that differs.

load ../../lib/integration

setup() {
	[[ $(uname -m) == x86_64 ]] || skip "waits look on x86-64 only"
	programs_setup
	need_registered_waits
	export REGWAIT_SPIN=1000
}

each_release() {
	local version
	for version in 2.3 2.9 2.15; do
		programs_setup $version
		export REGWAIT_SPIN=1000
		"$@" $version
	done
}

# spun AT_LEAST: so many waits found what they looked for.
spun() {
	(($(count waits.spun) >= $1)) || { cat "$OUT/stats"; return 1; }
}

# looked AT_MOST [AT_LEAST]: so many waits looked, and found it or did not.
looked() {
	local all=$(($(count waits.spun) + $(count waits.spun-in-vain)))
	((all <= $1 && all >= ${2-$1})) || { echo "$all looked, not $1"; cat "$OUT/stats"; return 1; }
}

# unspun REASON AT_LEAST [AT_MOST]: so many waits did not look, for that reason.
unspun() {
	local nr
	nr=$(count "waits.unspun.$1")
	((nr >= $2 && nr <= ${3-$2})) || { echo "$nr did not look: $1"; cat "$OUT/stats"; return 1; }
}

# What comes before a wait began is not looked for.
found_of_a_release() {
	local kind
	# COOP_TASKRUN, the same with TASKRUN_FLAG, SINGLE_ISSUER, DEFER_TASKRUN, the same with it.
	for kind in 0 0x100 0x300 0x1000 0x3000 0x3200; do
		both "$BIN/spin/spin" found $kind
		looked 70 40
		spun 20
		counts rings.armed 1 waits.plain.no-timeout 20
		REGWAIT_MAX_RINGS=0 shim "$BIN/spin/spin" found $kind
		same
		spun 20
		counts waits.registered 0 waits.plain.too-many-rings 20 waits.plain.no-timeout 20
	done
}

@test "each kind of wait finds what comes while it looks: 2.3, 2.9 and 2.15" {
	each_release found_of_a_release
}

@test "an SQPOLL thread that sleeps is woken first" {
	both "$BIN/spin/spin" found 0x2
	looked 70 40
}

@test "timeouts end in time, and short ones without sleeping" {
	both "$BIN/spin/spin" nothing
	looked 14
	counts waits.spun 0 waits.registered 14
	REGWAIT_MAX_RINGS=0 shim "$BIN/spin/spin" nothing
	same
	looked 14
}

never_of_a_release() {
	local minimum=1
	# That one has no such waits.
	[[ $1 != 2.3 ]] || minimum=0
	both "$BIN/spin/spin" never
	looked 0
	counts waits.unspun.signal-mask 1 waits.unspun.min-wait $minimum
	REGWAIT_MAX_RINGS=0 shim "$BIN/spin/spin" never
	same
	looked 0
	counts waits.unspun.signal-mask 1 waits.unspun.min-wait $minimum
}

@test "no wait looks that is over, has a mask or a minimum, or need not sleep" {
	each_release never_of_a_release
}

two_of_a_release() {
	local kind
	for kind in 0 0x300 0x3000 0x3200; do
		# On a busy machine what is to come a moment later may be there at once.
		both "$BIN/spin/spin" two $kind
		looked 40 5
		unspun several 4
		REGWAIT_MAX_RINGS=0 shim "$BIN/spin/spin" two $kind
		same
		looked 40 5
		unspun several 4
	done
}

@test "a wait for several looks if one is missing when they have been submitted" {
	each_release two_of_a_release
}

links_of_a_release() {
	local kind
	for kind in 0 0x100 0x300 0x1000 0x3000 0x3200; do
		both "$BIN/spin/spin" links $kind
		REGWAIT_MAX_RINGS=0 shim "$BIN/spin/spin" links $kind
		same
	done
}

@test "work that is to be run before a wait sleeps is run as far as without" {
	each_release links_of_a_release
}

@test "a descriptor that is closed already" {
	both "$BIN/spin/spin" closed
	REGWAIT_MAX_RINGS=0 shim "$BIN/spin/spin" closed
	same
}

refused_of_a_release() {
	local how
	for how in "closed 0" "closed 0x100" "closed 0x300" "closed 0x2" "index 0" "index 0x300" \
		"index 0x1000" "index 0x2" "thread 0x3000" "thread 0x3200"; do
		# shellcheck disable=SC2086 # these are words
		both "$BIN/spin/spin_refused" $how
		grep -q "wait 6: E[A-Z]*, mostly" "$OUT/plain.out"
	done
	REGWAIT_MAX_RINGS=0 both "$BIN/spin/spin_refused" index
}

@test "a wait that the kernel refuses is refused, whatever comes while it would look" {
	each_release refused_of_a_release
}

@test "a signal handler ends a wait that looks as one that sleeps" {
	both "$BIN/spin/spin" signal
	grep -x 'most by the first signal: yes' "$OUT/shim.out"
	looked 20
	REGWAIT_MAX_RINGS=0 shim "$BIN/spin/spin" signal
	same
}

@test "between the marks by which a handler is noticed, nothing is called" {
	need_tool objdump
	objdump -d --no-show-raw-insn --disassemble=look "$SHIM" >"$OUT/look"
	grep -q syscall "$OUT/look"
	none '[[:space:]]call' "$OUT/look"
}

@test "the same where the handler runs on an alternate stack" {
	both "$BIN/spin/spin" stack
	grep -x 'most by the first signal: yes' "$OUT/shim.out"
	looked 20
	REGWAIT_MAX_RINGS=0 shim "$BIN/spin/spin" stack
	same
}

@test "a request that is a timeout ends a wait for several" {
	for kind in 0 0x300 0x3200; do
		both "$BIN/spin/spin" timer $kind
		grep -x 'most by the request: yes' "$OUT/shim.out"
		# One that is over before the wait began leaves one to wait for, of two.
		unspun several 10 20
		REGWAIT_MAX_RINGS=0 shim "$BIN/spin/spin" timer $kind
		same
	done
}

@test "a ring may be ended while another thread's wait looks at it" {
	for ((i = 0; i < 10; i++)); do
		both "$BIN/spin/spin" ended
	done
}

# The program of integration/iowait has rings of all origins.
otherwise_made() {
	local how
	for how in "params waits" "disabled waits" "index waits" "mapped waits" "init copy" \
		"init child" "init waits 0x2" "init waits 0x3200" "init bare" \
		"init plugin $BIN/iowait/plugin.so" "init sandbox"; do
		# shellcheck disable=SC2086 # these are words
		both "$BIN/iowait/iowait" $how
	done
	both "$BIN/iowait/iowait-now" init waits
	run_in shim env LD_PRELOAD="$SHIM" "$BIN/iowait/iowait-now" init protection
	grep -x "read-only after: yes" "$OUT/shim.out"
}

@test "rings that are mapped, enabled, indexed, copied, inherited; a plugin; a sandbox" {
	each_release otherwise_made
}

@test "calls that are bound before the start look as well" {
	programs_setup 2.15
	export REGWAIT_SPIN=1000
	both "$BIN/iowait/iowait-now" init waits
	counts rings.armed 1
	(($(count waits.spun) + $(count waits.spun-in-vain) > 0))
}

@test "off and observe do not look" {
	for mode in off observe; do
		REGWAIT=$mode both "$BIN/spin/spin" found
		looked 0
	done
	REGWAIT_SPIN=off both "$BIN/spin/spin" found
	looked 0
}

@test "REGWAIT_TASKRUN=coop: only rings that ask for nothing of the kind, and the program sees nothing" {
	export REGWAIT_TASKRUN=coop
	both "$BIN/spin/spin" found
	looked 70 40
	for kind in 0x100 0x2 0x3000; do
		traced "$OUT/trace" "$BIN/spin/spin" never $kind
		none 'flags=.*TASKRUN_FLAG' "$OUT/trace"
	done
	traced "$OUT/trace" "$BIN/spin/spin" never 0x1000
	grep 'flags=.*COOP_TASKRUN|IORING_SETUP_TASKRUN_FLAG' "$OUT/trace"
	REGWAIT=off traced "$OUT/trace" "$BIN/spin/spin" never
	none TASKRUN "$OUT/trace"
	plain "$BIN/spin/spin" flags
	for mode in on observe off; do
		REGWAIT=$mode shim "$BIN/spin/spin" flags
		same
	done
	REGWAIT_MAX_RINGS=0 shim "$BIN/spin/spin" flags
	same
}

@test "REGWAIT_TASKRUN=coop on a kernel that refuses: rings are made as they are" {
	programs_setup 2.3
	plain "$BIN/spin/spin" flags
	# With both flags of ours, then without the first of them, as before 5.19.
	need_tool strace
	rm -f "$OUT/stats"
	run_in shim strace -f -qq -o "$OUT/trace" -e trace=io_uring_setup \
		-e inject=io_uring_setup:error=EINVAL:when=1..2 -E LD_PRELOAD="$SHIM" \
		-E REGWAIT_TASKRUN=coop -E REGWAIT_STATS="$OUT/stats" "$BIN/spin/spin" flags
	same
	counts rings.armed 2 rings.seen 2
	[ "$(grep -c TASKRUN "$OUT/trace")" = 2 ]
	[ "$(wc -l <"$OUT/trace")" = 4 ]
}

@test "auto counts by blocks what it has put to sleep" {
	REGWAIT_SPIN=auto both "$BIN/spin/spin" idle
	looked 0
	counts waits.unspun.auto 64
}

@test "under valgrind no wait looks, since no other thread runs meanwhile" {
	need_tool valgrind
	plain "$BIN/spin/spin" found
	shim valgrind -q --error-exitcode=9 --suppressions="$TOP/tests/stress/sanitize/memcheck.supp" \
		"$BIN/spin/spin" found
	# It says on standard error that it does not know a system call's argument of ours.
	[ "$rc" = 0 ]
	diff "$OUT/plain.out" "$OUT/shim.out"
	looked 0
	unspun signals 20 70
}
