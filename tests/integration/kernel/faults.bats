#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Each system call that the shim makes for a ring fails once, with each error that the kernel or a
# filter might return: the program sees nothing of it.

load ../../lib/integration

setup() {
	programs_setup
	need_registered_waits
	need_tool strace
}

inject() {
	local rule=$1
	shift
	rm -f "$OUT/stats"
	run_in shim strace -f -qq -o /dev/null -e "trace=${rule%%:*}" -e "inject=$rule" \
		-E LD_PRELOAD="$SHIM" -E REGWAIT_STATS="$OUT/stats" "$@"
	same >"$OUT/differs" || { echo "$rule"; cut -c1-90 "$OUT/differs" | head -n 20; return 1; }
}

@test "the region and the enabling, of each of three rings" {
	for how in init params setup; do
		plain "$BIN/common/rings" $how 3
		for error in EINVAL EPERM ENOMEM EBUSY EFAULT EINTR ENOSYS; do
			# Six calls for three rings: region, enable, region, enable, ...
			for when in 1 2 3 4 5 6; do
				[ "$how" = init ] || [ $((when % 3)) = 0 ] || continue
				inject "io_uring_register:error=$error:when=$when" "$BIN/common/rings" $how 3
			done
		done
	done
}

@test "both of one ring, and all of all rings" {
	plain "$BIN/common/rings" params 3
	for error in EINVAL EPERM ENOMEM ENOSYS; do
		inject "io_uring_register:error=$error:when=1..2" "$BIN/common/rings" params 3
		inject "io_uring_register:error=$error" "$BIN/common/rings" params 3
		inject "io_uring_register:error=$error:when=2+2" "$BIN/common/rings" params 3
	done
}

@test "what is asked about the process" {
	plain "$BIN/common/rings" init 2
	for rule in capget:error=EPERM readlinkat:error=ENOENT madvise:error=EINVAL \
		prlimit64:error=EPERM; do
		inject "$rule" "$BIN/common/rings" init 2
	done
	inject madvise:error=EINVAL "$BIN/common/rings" init 2
	counts rings.armed 0 waits.registered 0
}

@test "a ring refused only once, with whatever error, is refused to the program" {
	for error in ENOMEM EPERM EMFILE EFAULT; do
		plain strace -qq -o /dev/null -e trace=io_uring_setup \
			-e "inject=io_uring_setup:error=$error:when=2" "$BIN/common/rings" params 3
		inject "io_uring_setup:error=$error:when=2" "$BIN/common/rings" params 3
		grep -q "make: $error" "$OUT/shim.out"
	done
}

@test "a ring that cannot be made again after enabling was refused: that error, nothing left open" {
	# Refused once with the flag of ours, then without: what the program sees is the second.
	run_in plain strace -qq -o /dev/null -e trace=io_uring_setup \
		-e inject=io_uring_setup:error=EMFILE:when=1 "$BIN/common/rings" params 2
	run_in shim strace -f -qq -o /dev/null -e trace=io_uring_setup,io_uring_register \
		-e inject=io_uring_register:error=EPERM:when=2 \
		-e inject=io_uring_setup:error=EMFILE:when=2 \
		-E LD_PRELOAD="$SHIM" "$BIN/common/rings" params 2
	same
}
