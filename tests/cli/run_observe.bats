#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2030,SC2031,SC2034,SC2143,SC2154 # subshells; the helper sets them
# regwait run --observe, --ab and --spin: what is counted, measured and predicted.

load ../lib/cli

setup() { tool_setup; }

teardown() { tool_teardown; }

@test "waits that looked before they slept, where that is asked for" {
	need_registered_waits
	[[ $(uname -m) == x86_64 ]] || skip "waits look on x86-64 only"
	build build/tests/integration/spin/spin
	tool run "$BUILT/integration/spin/spin" idle
	unsaid err 'spun'
	AS=(env REGWAIT_SPIN=1000)
	tool run "$BUILT/integration/spin/spin" idle
	said err '; spun 0, in vain 100$'
	AS=(env REGWAIT_SPIN=auto)
	tool run "$BUILT/integration/spin/spin" idle
	said err '; spun 0, in vain 0, not 64 \(mostly auto\)$'
	AS=(env REGWAIT_SPIN=1000)
	tool run --json "$BUILT/integration/spin/spin" untimed
	(($(json err waits.spun) > 100))
}

@test "observed: how long waits slept, and what looking would bring" {
	need_registered_waits
	[[ $(uname -m) == x86_64 ]] || skip "waits look on x86-64 only"
	build build/tests/integration/spin/spin
	tool run --observe --json "$BUILT/integration/spin/spin" idle
	[ "$(json err observed.slept)" = 100 ]
	[ "$(json err spin_found)" = 0 ]
	[ "$(json err spin_in_vain_us)" = 5000 ]
	# A hundred microseconds each, or longer on a busy machine.
	tool run --observe "$BUILT/integration/spin/spin" found
	said err '^  observed\.slept-200us +[1-9]'
	said err '^  would be found +[0-9]+ of [0-9]+ waits that slept, by looking for 50 us first'
}

@test "observed: how long waits without a timeout slept, liburing's and bare ones" {
	need_registered_waits
	[[ $(uname -m) == x86_64 ]] || skip "waits look on x86-64 only"
	build build/tests/integration/spin/spin build/tests/integration/spin/spin_bare
	# Five kinds of wait without a timeout and two with one, ten times each. On a busy machine what is to come a
	# moment later may be there at once, and answers the wait.
	tool run --observe --json "$BUILT/integration/spin/spin" found
	[ "$(json err observed.untimed)" = 50 ]
	(($(json err observed.untimed-slept) > 25))
	answered=$(json err observed.would-answer) || answered=0
	((answered + $(json err observed.would-register) == 20))
	# All but those by an instruction of the program's own.
	tool run --observe --json "$BUILT/integration/spin/spin_bare" found
	[ "$(json err observed.untimed)" = 20 ]
	(($(json err observed.untimed-slept) > 10))
	[ "$(json err observed.would-register)" = 8 ]
}

@test "a coin for looking: timed waits, those without a timeout, and by how much it is faster" {
	need_registered_waits
	[[ $(uname -m) == x86_64 ]] || skip "waits look on x86-64 only"
	build build/tests/integration/spin/spin build/tests/integration/spin/spin_bare
	tool run --ab --spin 1000 --json "$BUILT/integration/spin/spin" untimed
	n=$(json err waits.spun)
	((n > 40 && n < 160))
	(($(json err registered_waits) + $(json err plain_waits) >= 180))
	# Of the timed ones of both programs, those that the coin leaves plain do not look.
	looked=0
	for program in spin spin_bare; do
		tool run --ab --spin 1000 --json "$BUILT/integration/spin/$program" nothing
		n=$(json err waits.spun-in-vain)
		looked=$((looked + n))
		[ "$(json err waits.plain.plain-variant)" = $((14 - n)) ]
		tool run --aa --spin 1000 --json "$BUILT/integration/spin/$program" nothing
		unsaid err 'spun'
	done
	((looked > 0 && looked < 28))
	tool run --ab --spin 1000 "$BUILT/integration/spin/spin" untimed
	said err '^  looking first +[0-9]+ waits, '
	unsaid err 'no timed wait was seen'
	for wrong in 0 1001 on ''; do
		tool run --spin "$wrong" true
		ended 2
	done
	tool run --off --spin 50 true
	ended 2
	said err '--off and --spin exclude each other'
}

@test "--observe changes nothing, counts, and predicts" {
	need_registered_waits
	tool run --observe "$BIN/waiter" 50
	ended 0
	said err 'observed\.would-register +50 '
	said err 'waits\.registered +0'
	said err 'would save'
	said err 'watching cost +-?[0-9.e-]+ us in all: 50 waits of -?[0-9]+ ns'
	REGWAIT_SYSCALL=off tool run --observe --json "$BIN/waiter" 50
	[ "$(json err observed.would-register)" = 50 ]
	[ "$(json err mode)" = observe ]
	json err predicted_us
	json err watching_us
}

# What the command runs beside the program, to measure.
@test "--observe and check leave nothing of what they measure by, in no file of the user's" {
	unseen() {
		[ "$(find "$PAGES" -name "$NS-*" -newer "$OUT/before" -exec grep -la '\bexe\b' {} + | wc -l)" = 0 ]
	}
	export REGWAIT_STATS=$OUT/stats
	: >"$OUT/before"
	tool run --observe "$BIN/waiter" 10
	ended 0
	said err 'watching cost'
	unseen
	[ "$(grep '^process.name' "$OUT/stats")" = 'process.name waiter' ]
	rm "$OUT/stats"
	tool check
	ended 0
	unseen
	[ ! -e "$OUT/stats" ]
	REGWAIT_STATS=1 REGWAIT_LOG=debug tool check
	silent err
}

@test "--ab and --aa" {
	need_registered_waits
	tool run --ab --json "$BIN/waiter" 4000
	ended 0
	[ "$(json err mode)" = ab ]
	registered=$(json err waits.registered)
	((registered > 1000 && registered < 3000))
	json err saved_ns
	json err saved_low_ns
	json err verdict
	tool run --aa --json "$BIN/waiter" 4000
	ended 0
	[ "$(json err mode)" = aa ]
	[ "$(json err waits.registered)" = 0 ]
	json err saved_ns
	tool run --ab "$BIN/waiter" 20
	said err 'too few waits'
}
