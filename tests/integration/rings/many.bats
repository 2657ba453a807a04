#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# How many rings are armed, and that no ring of the program fails for it.

load ../../lib/integration

setup() {
	programs_setup
	need_registered_waits
	need_tool setpriv
}

# A program run as an ordinary user, without and with the shim; statistics come by standard error,
# since that user may write nowhere.
user_run() {
	local memlock=$1
	shift
	as_user "$memlock" "$@"
	plain "${RUN[@]}"
	as_user "$memlock" "$@"
	REGWAIT_STATS=1 shim "${RUN[@]}"
	mv "$OUT/shim.err" "$OUT/stats"
	: >"$OUT/shim.err"
}

user_both() {
	user_run "$@"
	same
}

# The kernel gives locked memory back some time after a ring has ended, on a busy machine late, so
# that rings made in a hurry can be refused without us too. What counts: where none is refused
# without the shim, before it and after it, none is with it. A machine that is late now and then is
# not late five times in a row just between these two.
user_never_refused() {
	local try bad=0
	for try in {1..12}; do
		user_run "$@"
		grep -q 'refused 0 ' "$OUT/plain.out" || continue
		grep 'refused 0 .*wrong results 0$' "$OUT/shim.out" && return
		as_user "$@"
		plain "${RUN[@]}"
		grep -q 'refused 0 ' "$OUT/plain.out" || continue
		echo "try $try: $(<"$OUT/shim.out")"
		((++bad < 5)) || return 1
	done
	skip "this machine is too busy for it: rings are refused without the shim"
}

@test "REGWAIT_MAX_RINGS=0: every ring is plain" {
	plain "$BIN/rings/churn" at-once 5
	REGWAIT_MAX_RINGS=0 shim "$BIN/rings/churn" at-once 5
	same
	# A timeout of zero is polled all the same: that needs no wait area.
	only_counts rings.seen 5 rings.plain.too-many-rings 5 waits.plain.too-many-rings 5 \
		waits.polled 5
}

@test "REGWAIT_MAX_RINGS=1 and 2: so many are armed at once" {
	for max in 1 2; do
		plain "$BIN/rings/churn" at-once 5
		REGWAIT_MAX_RINGS=$max shim "$BIN/rings/churn" at-once 5
		same
		counts rings.seen 5 rings.armed $max rings.plain.too-many-rings $((5 - max)) \
			waits.registered $max waits.polled 5 waits.plain.too-many-rings $((5 - max))
	done
}

@test "REGWAIT_MAX_RINGS holds for rings that the program makes disabled" {
	plain "$BIN/common/rings" disabled 3
	REGWAIT_MAX_RINGS=0 shim "$BIN/common/rings" disabled 3
	same
	counts rings.seen 3 rings.armed 0 rings.plain.too-many-rings 3
}

@test "a place comes back when a ring ends, after a moment" {
	# More than two seconds, since rings that have just ended still count.
	plain "$BIN/rings/later" 3
	REGWAIT_MAX_RINGS=1 shim "$BIN/rings/later" 3
	same
	only_counts rings.seen 3 rings.armed 3 waits.registered 6 waits.polled 3 waits.answered 3 \
		waits.plain.no-timeout 3
}

# At most one a second is armed, however slow the machine is; fifty would be.
@test "the place of a ring that ended a moment ago is not free yet" {
	plain "$BIN/rings/churn" one-by-one 50
	REGWAIT_MAX_RINGS=1 shim "$BIN/rings/churn" one-by-one 50
	same
	counts rings.seen 50
	(($(count rings.armed) >= 1 && $(count rings.armed) < 25))
}

@test "root: no limit by itself" {
	[ "$(id -u)" = 0 ] || skip "only root has none"
	both prlimit --memlock=65536:65536 "$BIN/rings/churn" one-by-one 500
	counts rings.seen 500 rings.armed 500
}

@test "an ordinary user: 5000 rings one after the other, none refused" {
	user_never_refused 8388608 "$BIN/rings/churn" one-by-one 5000
	counts rings.seen 5000
	# Those that lock a sixty-fourth of the limit, before a place comes back.
	[ "$(count rings.armed)" -ge 32 ]
}

@test "an ordinary user: 5000 rings ended by close and munmap, none refused" {
	user_never_refused 8388608 "$BIN/rings/churn" bare 5000
}

@test "an ordinary user: 5000 rings in waves of a hundred, none refused" {
	user_never_refused 8388608 "$BIN/rings/churn" waves 5000
}

# An eighth at the most is taken of what a user may lock.
@test "an ordinary user: seven eighths as many rings at once as without the shim" {
	user_run 8388608 "$BIN/rings/churn" at-once 2000
	plain=$(sed -n 's/^made \([0-9]*\),.*wrong results 0$/\1/p' "$OUT/plain.out")
	shim=$(sed -n 's/^made \([0-9]*\),.*wrong results 0$/\1/p' "$OUT/shim.out")
	[ "$shim" -ge $((plain * 7 / 8)) ]
}

@test "an ordinary user: as many rings at once as without the shim, where none is armed" {
	export REGWAIT_MAX_RINGS=0
	user_both 8388608 "$BIN/rings/churn" at-once 2000
}

@test "an ordinary user with half the usual limit, and with hardly any" {
	for memlock in 4194304 524288 65536 16384; do
		user_both $memlock "$BIN/common/rings" params 2
	done
}

@test "an ordinary user who may lock nothing: the same error" {
	user_both 0 "$BIN/common/rings" params 2
	user_both 4096 "$BIN/common/rings" params 2
	grep -q 'make: ENOMEM' "$OUT/shim.out"
}

@test "root of a user namespace of its own, whose rings are counted all the same" {
	need_tool unshare
	as_user 8388608 unshare --user --map-root-user true
	"${RUN[@]}" || skip "user namespaces are not allowed here"
	user_never_refused 8388608 unshare --user --map-root-user "$BIN/rings/churn" one-by-one 5000
}

@test "a daemon that gives up root after its first ring: 5000 rings, none refused" {
	[ "$(id -u)" = 0 ] || skip "only root can give up root"
	for try in 1 2 3 4 5 6; do
		run=(prlimit --memlock=8388608:8388608 "$BIN/rings/churn" daemon 5000)
		plain "${run[@]}" $((60000 + RANDOM % 2000))
		invent_user $((62000 + RANDOM % 2000))
		REGWAIT_STATS=1 shim "${run[@]}" "$AS_UID"
		grep -q 'refused 0 ' "$OUT/plain.out" || continue
		grep 'refused 0 .*wrong results 0$' "$OUT/shim.out" && return
		echo "try $try: $(<"$OUT/shim.out")"
		((++bad < 3)) || return 1
	done
	skip "this machine is too busy for it: rings are refused without the shim"
}
