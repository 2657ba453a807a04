#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2030,SC2031,SC2034,SC2154,SC1003 # subshells; the helper sets them
# regwait stat, set, run: root looks at other users' pages, and nothing in them can hurt it.

load ../lib/cli

setup() {
	tool_setup
	need_registered_waits
	need_root
	# A user of our own, whose directory nobody else uses.
	uid=$((46000 + RANDOM % 1000))
	invent_user "$uid"
	DIR=/dev/shm/regwait-$uid
	AS_USER=(setpriv --reuid="$uid" --regid="$uid" --clear-groups --)
	open_built "${AS_USER[@]}"
	install -d -m 700 -o "$uid" -g "$uid" "$DIR"
}

teardown() {
	tool_teardown
	[[ ${DIR:-} ]] || return 0	# skipped
	umount "$DIR" 2>/dev/null || true
	rm -rf "$DIR"
}

# planted: the page of a process of that user that is gone. Sets page.
planted() {
	"${AS_USER[@]}" env LD_PRELOAD="$SHIM" REGWAIT_LIVE=on "$BIN/waiter" 0 1000 \
		>"$OUT/program.out" 2>&1 3>&- &
	pid=$!
	STARTED+=("$pid")
	has_page() { page=$(compgen -G "$DIR/*$pid*"); }
	until_true has_page
}

@test "a page that is cut short again and again ends nobody" {
	planted
	kill -KILL "$pid"
	"${AS_USER[@]}" "$BIN/shrink" "$page" 3>&- &
	STARTED+=("$!")
	for i in {1..150}; do
		for arguments in stat "stat $pid" 'stat --openmetrics' "set $pid off"; do
			rc=0
			# shellcheck disable=SC2086 # words
			"$CLI" $arguments >"$OUT/out" 2>"$OUT/err" || rc=$?
			[ "$rc" -le 1 ] || ended 1
		done
	done
	for i in {1..10}; do
		tool run --quiet true
		ended 0
	done
}

@test "a page that was cut short before it was attached to" {
	planted
	tool stat "$pid"
	ended 0
	cut() {
		truncate -s 100 "$page"
		tool compare --attach "$pid" --slice 0.05 --pairs 2
		[ "$rc" -le 14 ] || ended 1
	}
	cut
	kill -KILL "$pid"
}

@test "sizes, numbers and offsets that are wrong" {
	planted
	kill -KILL "$pid"
	cp "$page" "$OUT/sound"
	size=$(stat -c %s "$page")
	for at in 0 8 12 16 20 24 28; do
		for value in '\000\000\000\000' '\001\000\000\000' '\377\377\377\177' '\377\377\377\377' \
			'\000\000\000\200' '\200\000\000\000'; do
			# shellcheck disable=SC2059 # octal
			printf "$value" | dd of="$page" bs=1 seek="$at" conv=notrunc status=none
			for arguments in "stat $pid" "stat --json $pid" "stat --openmetrics"; do
				# shellcheck disable=SC2086 # words
				tool $arguments
				[ "$rc" -le 1 ] || ended 1
			done
			cat "$OUT/sound" >"$page"
		done
	done
	# All counts at their maximum: sums wrap around, and nothing else happens.
	head -c "$size" /dev/zero | tr '\0' '\377' >"$page"
	head -c 32 "$OUT/sound" | dd of="$page" conv=notrunc status=none
	tool stat --json
	[ "$rc" -le 1 ] || ended 1
	tool stat --openmetrics
	ended 0
	# A file of a size that fits the header's and has no content.
	cat "$OUT/sound" >"$page"
	truncate -s 4294967295 "$page"
	printf '\377\377\377\377' | dd of="$page" bs=1 seek=12 conv=notrunc status=none
	printf '\377\377\377\000' | dd of="$page" bs=1 seek=24 conv=notrunc status=none
	tool stat "$pid"
	ended 1
	said err 'broken or of another version'
}

@test "names that are commands for a terminal" {
	planted
	kill -KILL "$pid"
	at=$(grep -abo waiter "$page" | head -n 1 | cut -d : -f 1)
	printf '\033[2J\n"\\' | dd of="$page" bs=1 seek="$at" conv=notrunc status=none
	for option in '' --json --openmetrics --list; do
		# shellcheck disable=SC2086 # none or one
		tool stat $option
		! LC_ALL=C grep -q $'\033' "$OUT/out" || { echo "option $option"; return 1; }
	done
}

@test "what is no file is not opened" {
	number=$((2000000 + RANDOM))
	for kind in fifo link directory device; do
		rm -rf "${DIR:?}/$NS-$number"
		case $kind in
		fifo) mkfifo -m 600 "$DIR/$NS-$number" ;;
		link) ln -s /dev/zero "$DIR/$NS-$number" ;;
		directory) install -d -m 700 "$DIR/$NS-$number" ;;
		device) mknod -m 600 "$DIR/$NS-$number" c 1 5 ;;
		esac
		chown -h "$uid" "$DIR/$NS-$number"
		strace -f -o "$OUT/trace" -e trace=openat "$CLI" stat >"$OUT/out" 2>"$OUT/err" || true
		! grep -F "\"$NS-$number\"" "$OUT/trace" || { echo "$kind was opened"; return 1; }
	done
}

@test "a file system that its owner mounted is not looked at" {
	mount -t tmpfs -o "uid=$uid,gid=$uid,mode=700" none "$DIR" ||
		skip "no file system may be mounted here"
	planted
	tool stat "$pid"
	ended 1
	said err 'open to others'
	tool stat --list
	unsaid out "^$pid "
}

@test "a directory that is open to others is not looked at" {
	planted
	chmod 755 "$DIR"
	tool stat "$pid"
	ended 1
	said err 'open to others'
	tool stat --list
	unsaid out "^$pid "
}

@test "a page that a lease is on blocks nobody" {
	planted
	kill -KILL "$pid"
	wait "$pid" 2>/dev/null || true
	"${AS_USER[@]}" "$BIN/lease" "$page" >"$OUT/leased" 2>&1 3>&- &
	STARTED+=("$!")
	until_true grep -q leased "$OUT/leased"
	# The kernel takes the lease away after lease-break-time, which is 45 seconds.
	LIMIT=30 tool stat
	[ "$rc" -le 1 ] || ended 1
}

@test "a page that says it is another process's" {
	planted
	kill -KILL "$pid"
	# The process id in it becomes that of a process of root's.
	sleep 1000 3>&- &
	other=$!
	STARTED+=("$other")
	mv "$page" "$DIR/$(basename "$page" | sed "s/-$pid\$/-$other/")"
	tool set "$other" off
	ended 1
	tool stat --list
	unsaid out "^$other "
	tool stat --clean
	kill -0 "$other"
}
