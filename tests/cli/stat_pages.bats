#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2030,SC2031,SC2034,SC2154 # subshells; the helper sets them
# regwait stat: pages that are broken, or that others may have made, are not believed.

load ../lib/cli
load ../lib/stat

# refused PATTERN: neither stat nor set take this page, nor do they crash.
refused() {
	tool stat "$FAKE"
	ended 1
	silent out
	said err "$1"
	tool set "$FAKE" off
	ended 1
	said err "$1"
	tool stat --openmetrics
	ended 0
	unsaid out "pid=\"$FAKE\""
}

@test "pages that are broken" {
	leave_page
	page=$PAGES/$NS-$pid
	no_process
	: >"$PAGES/$NS-$FAKE"
	chmod 600 "$PAGES/$NS-$FAKE"
	refused 'broken or of another version'
	head -c 100 "$page" >"$PAGES/$NS-$FAKE"
	refused 'broken'
	head -c 5000 "$page" >"$PAGES/$NS-$FAKE"
	refused 'broken'
	head -c "$(stat -c %s "$page")" /dev/urandom >"$PAGES/$NS-$FAKE"
	refused 'broken'
	# Each word of the header in turn: whatever it says, nobody crashes.
	for at in 0 8 12 16 20 24 28; do
		cp "$page" "$PAGES/$NS-$FAKE"
		printf '\377\377\377\177' | dd of="$PAGES/$NS-$FAKE" bs=1 seek=$at conv=notrunc status=none
		refused 'broken'
	done
}

@test "pages of kernels with larger memory pages" {
	leave_page
	tool stat --json "$pid"
	ended 0
	counts=$(json out waits.registered)
	[ "$counts" -gt 0 ]
	for memory_page in 16384 65536; do
		size=$(($(stat -c %s "$PAGES/$NS-$pid") / memory_page * memory_page + memory_page))
		no_process
		cp "$PAGES/$NS-$pid" "$PAGES/$NS-$FAKE"
		truncate -s $size "$PAGES/$NS-$FAKE"
		refused 'broken'
		# As its header says it.
		# shellcheck disable=SC2059 # octal
		printf "$(printf '\\%03o' $((size & 255)) $((size >> 8 & 255)) $((size >> 16)) 0)" |
			dd of="$PAGES/$NS-$FAKE" bs=1 seek=12 conv=notrunc status=none
		tool stat --json "$FAKE"
		ended 0
		[ "$(json out waits.registered)" = "$counts" ]
		rm "$PAGES/$NS-$FAKE"
	done
}

@test "a page without a name's end, and with a mode that is none" {
	leave_page
	page=$PAGES/$NS-$pid
	no_process
	cp "$page" "$PAGES/$NS-$FAKE"
	at=$(grep -abo waiter "$page" | head -n 1 | cut -d : -f 1)
	head -c 48 /dev/zero | tr '\0' '\377' |
		dd of="$PAGES/$NS-$FAKE" bs=1 seek="$at" conv=notrunc status=none
	tool stat --json "$FAKE"
	ended 0
	json out
	tool stat "$FAKE"
	ended 0
	said out '^\?{32}\['
}

@test "links, other files, and what others may read are refused" {
	leave_page
	page=$PAGES/$NS-$pid
	no_process
	ln -s "$page" "$PAGES/$NS-$FAKE"
	refused 'open to others'
	rm "$PAGES/$NS-$FAKE"
	cp "$page" "$PAGES/$NS-$FAKE"
	chmod 644 "$PAGES/$NS-$FAKE"
	refused 'open to others'
	rm "$PAGES/$NS-$FAKE"
	mkfifo -m 600 "$PAGES/$NS-$FAKE"
	refused '.'
	rm "$PAGES/$NS-$FAKE"
	mkdir -m 700 "$PAGES/$NS-$FAKE"
	refused '.'
}

@test "a directory that is a link, or another's, or open to others, is refused" {
	need_root
	leave_page
	page=$PAGES/$NS-$pid
	uid=$((44000 + RANDOM % 1000))
	as_uid "$uid"
	DIR=/dev/shm/regwait-$uid
	for how in fine mode owner link; do
		rm -rf "$DIR" "$OUT/elsewhere"
		install -d -m 711 -o $uid "$OUT"
		install -d -m 700 -o $uid "$OUT/elsewhere" "$DIR"
		install -m 600 -o $uid "$page" "$OUT/elsewhere/$pid"
		install -m 600 -o $uid "$page" "$DIR/$NS-$pid"
		case $how in
		mode) chmod 750 "$DIR" ;;
		owner) chown 0 "$DIR" && chmod 755 "$DIR" ;;
		link) rm -r "$DIR" && ln -s "$OUT/elsewhere" "$DIR" ;;
		esac
		tool stat "$pid"
		if [ $how = fine ]; then
			ended 0
		else
			ended 1
			said err 'open to others'
		fi
	done
}
