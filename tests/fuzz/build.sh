# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# Sourced by the scripts here: builds the fuzzer's programs for one liburing.

fuzz_cc()
{
	"${CC:-cc}" -std=gnu11 -D_GNU_SOURCE -O2 -g -Wall -Wextra -Werror "$@"
}

# Prints the directory with fuzz_seq and liar.so for liburing $1 (2.3, 2.9, 2.15 or system).
fuzz_build()
{
	local version=$1 here top lu root flags dir
	here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
	top=$(cd "$here/../.." && pwd)
	dir=$top/build/fuzz/$version
	mkdir -p "$dir" "$top/build/fuzz/compat/linux"

	# Debian 12 lacks a kernel header that newer liburing headers include for one number.
	echo '#define BLOCK_URING_CMD_DISCARD 0x1200' >"$top/build/fuzz/compat/linux/blkdev.h"
	if [ "$version" = system ]; then
		pkg-config --exists liburing || {
			echo "fuzz: liburing's headers are not installed, install liburing-dev" >&2
			return 77
		}
		lu=$(pkg-config --modversion liburing)
		flags=(-luring)
	else
		root=$("$top/tests/fetch" liburing "$version") || return $?
		lu=$version
		flags=(-isystem "$root/include" -L"$root/lib" -luring "-Wl,-rpath,$root/lib")
	fi
	# 2.9 is 209, 2.15 is 215.
	lu=$((${lu%%.*} * 100 + $(echo "$lu" | cut -d. -f2)))

	fuzz_cc -o "$top/build/fuzz/drive" "$here"/{drive,judge,shrink,arm}.c >&2 || return 2
	fuzz_cc -DFUZZ_LU="$lu" -o "$dir/fuzz_seq" \
		"$here"/{fuzz_seq,gen,text,ops,world,state,perf}.c \
		"$here"/op_{ring,reg,sqe,signal,wait,proc}.c "$here/wait_call.c" \
		"${flags[@]}" -idirafter "$top/build/fuzz/compat" -lpthread >&2 || return 2
	fuzz_cc -shared -fPIC -o "$dir/liar.so" "$here/liar.c" "${flags[@]}" \
		-idirafter "$top/build/fuzz/compat" -ldl >&2 || return 2
	echo "$dir"
}
