#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2034,SC2154 # lib/integration.bash reads and sets these
# What the environment may say, and what happens where it says something else.

load ../../lib/integration

setup() {
	programs_setup
	need_registered_waits
}

# complains LINE-PATTERN VARIABLE=VALUE: one line on standard error, and the program is unharmed.
complains() {
	local pattern=$1
	shift
	plain "$BIN/common/rings" init 3
	run_in shim env LD_PRELOAD="$SHIM" REGWAIT_STATS="$OUT/stats" "$@" "$BIN/common/rings" init 3
	diff "$OUT/plain.out" "$OUT/shim.out"
	[ "$rc" = 0 ]
	cat "$OUT/shim.err"
	[ "$(wc -l <"$OUT/shim.err")" = 1 ]
	grep -aqE -e "$pattern" "$OUT/shim.err"
}

silent() {
	plain "$BIN/common/rings" init 3
	run_in shim env LD_PRELOAD="$SHIM" REGWAIT_STATS="$OUT/stats" "$@" "$BIN/common/rings" init 3
	same
}

@test "an unknown variable is named, once for all rings" {
	complains '^regwait: .*REGWAIT_SLOT\b' REGWAIT_SLOT=5
	complains '^regwait: .*REGWAIT_\b' REGWAIT_=5
	complains '^regwait: .*REGWAIT_POLLING\b' REGWAIT_POLLING=
	complains '^regwait: .*REGWAIT_slots\b' REGWAIT_slots=2
}

@test "variables that only look like ours are none of our business" {
	silent REGWAITER=1
	silent REGWAIT2=on
	silent XREGWAIT=off
	silent regwait=off
}

@test "a bad value is quoted with what is allowed, and the default holds" {
	rm -f "$OUT/stats"
	complains '^regwait: REGWAIT=of: .*on\|off.*"on"' REGWAIT=of
	counts rings.armed 3 waits.registered 6
	complains '^regwait: REGWAIT_POLL=maybe: .*on\|off.*"on"' REGWAIT_POLL=maybe
	complains '^regwait: REGWAIT_RINGFD=yes: .*auto\|off.*"auto"' REGWAIT_RINGFD=yes
	complains '^regwait: REGWAIT_SLOTS=many: .*1\.\.4095.*"63"' REGWAIT_SLOTS=many
	complains '^regwait: REGWAIT_LOG=loud: .*none\|error\|info\|debug.*"none"' REGWAIT_LOG=loud
	complains '^regwait: REGWAIT_MAX_RINGS=few: .*0\.\.1000000' REGWAIT_MAX_RINGS=few
}

@test "numbers at the edges and beyond" {
	for value in 1 63 64 4095; do
		silent REGWAIT_SLOTS=$value
	done
	for value in 0 -1 4096 1.5 0x10 " 5" "5 " 5k +5 99999999999999999999 18446744073709551617 ５; do
		complains '^regwait: REGWAIT_SLOTS=' "REGWAIT_SLOTS=$value"
	done
	for value in 0 1 1000000; do
		silent REGWAIT_MAX_RINGS=$value
	done
	for value in -1 1000001 4294967296; do
		complains '^regwait: REGWAIT_MAX_RINGS=' "REGWAIT_MAX_RINGS=$value"
	done
}

@test "choices are whole words in small letters" {
	for value in ON On o on,off "on|off" "|" "on " "off on"; do
		complains '^regwait: REGWAIT=' "REGWAIT=$value"
	done
}

@test "a default can be written out" {
	silent REGWAIT=on REGWAIT_POLL=on REGWAIT_SLOTS=63 REGWAIT_LOG=none
	silent REGWAIT_MAX_RINGS=auto REGWAIT_RINGFD=auto
}

@test "an empty value is no value" {
	silent REGWAIT= REGWAIT_POLL= REGWAIT_SLOTS= REGWAIT_MAX_RINGS= REGWAIT_ONLY= REGWAIT_SKIP= \
		REGWAIT_LOG=
}

@test "several faults: a line for each" {
	plain "$BIN/common/rings" init 1
	run_in shim env LD_PRELOAD="$SHIM" REGWAIT_A=1 REGWAIT_B=2 REGWAIT_SLOTS=x REGWAIT_POLL=y \
		"$BIN/common/rings" init 1
	diff "$OUT/plain.out" "$OUT/shim.out"
	[ "$(wc -l <"$OUT/shim.err")" = 4 ]
	all '^regwait: ' "$OUT/shim.err"
}

@test "a value of many kilobytes or of strange bytes: one line, of readable length" {
	long=$(printf 'x%.0s' {1..6000})
	complains '^regwait: REGWAIT_SLOTS=' "REGWAIT_SLOTS=$long"
	[ "$(wc -c <"$OUT/shim.err")" -lt 1000 ]
	complains '^regwait: ' "REGWAIT_POLL=$(printf '\001\377%%s%%n')"
	complains '^regwait: ' "REGWAIT_SLOTS=$(printf '1\n2')"
	complains '^regwait: ' "REGWAIT_$long=1"
}

@test "the value of a secret that bears our prefix is not shown in full" {
	# Only the name of an unknown variable is said.
	complains '^regwait: ' REGWAIT_TOKEN=hunter2
	none hunter2 "$OUT/shim.err"
}

@test "the same complaint in a child that was forked is not made twice" {
	plain "$BIN/common/family" fork-own
	REGWAIT_NONSENSE=1 shim "$BIN/common/family" fork-own
	diff "$OUT/plain.out" "$OUT/shim.out"
	[ "$(grep -c REGWAIT_NONSENSE "$OUT/shim.err")" = 1 ]
}

@test "REGWAIT_POLL=off: a timeout of zero is a registered wait" {
	plain "$BIN/common/rings" init 2
	REGWAIT_POLL=off shim "$BIN/common/rings" init 2
	same
	only_counts rings.seen 2 rings.armed 2 waits.registered 6 waits.answered 2 waits.plain.no-timeout 2
}

@test "ONLY and SKIP go by program name" {
	armed() {
		plain "$BIN/common/rings" init 1
		run_in shim env LD_PRELOAD="$SHIM" REGWAIT_STATS=1 "$@" "$BIN/common/rings" init 1
		diff "$OUT/plain.out" "$OUT/shim.out"
		count rings.armed "$OUT/shim.err"
	}
	[ "$(armed REGWAIT_ONLY=rings)" = 1 ]
	[ "$(armed REGWAIT_ONLY=ls:rings)" = 1 ]
	[ "$(armed REGWAIT_ONLY=rings:ls)" = 1 ]
	[ "$(armed REGWAIT_ONLY=:rings:)" = 1 ]
	[ "$(armed REGWAIT_ONLY=ring)" = 0 ]
	[ "$(armed REGWAIT_ONLY=ringss)" = 0 ]
	[ "$(armed REGWAIT_ONLY=ls:cat)" = 0 ]
	[ "$(armed REGWAIT_SKIP=rings)" = 0 ]
	[ "$(armed REGWAIT_SKIP=ls:rings:cat)" = 0 ]
	[ "$(armed REGWAIT_SKIP=ls)" = 1 ]
	[ "$(armed REGWAIT_SKIP=ring)" = 1 ]
	[ "$(armed REGWAIT_ONLY=rings REGWAIT_SKIP=rings)" = 0 ]
	[ "$(armed REGWAIT_ONLY=rings REGWAIT_SKIP=ls)" = 1 ]
}

@test "ONLY leaves a program's children alone, and the other way round" {
	both "$BIN/common/family" spawn
	mkdir "$OUT/bin"
	cp "$BIN/common/family" "$OUT/bin/other"
	plain "$OUT/bin/other" spawn
	REGWAIT_ONLY=family shim "$OUT/bin/other" spawn
	same
	[ ! -e "$OUT/stats" ]
}

@test "a program that changes its environment afterwards changes nothing" {
	plain "$BIN/options/setenv"
	REGWAIT_SLOTS=2 shim "$BIN/options/setenv"
	same
	counts rings.seen 2 rings.armed 2
}
