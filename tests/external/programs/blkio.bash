# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034,SC2154 # the variables of who sources this, and for him
# libblkio, written in Rust, enters by libc's syscall. Its examples, which Debian ships with it, give no
# timeout.

program=blkio-copy where=system
packages='libblkio-dev gcc libc6-dev pkgconf'
load='copies 256 MiB'
expects=untimed

prepare() {
	local example=/usr/share/doc/libblkio-dev/examples/blkio-copy.c
	# shellcheck disable=SC2046 # a list of words
	if [ -e $example.gz ]; then zcat $example.gz; else cat $example; fi |
		cc -O2 -w -x c -o "$place/blkio-copy" - -x none $(pkgconf --cflags --libs blkio)
	head -c 256M /dev/urandom >"$place/image"
}

version() {
	printf "libblkio %s's blkio-copy\n" "$(pkgconf --modversion blkio)"
}

session() {
	truncate -s 256M "$work/copy"
	takes "$place/blkio-copy" --input-blkio=io_uring path="$place/image" \
		--output-blkio=io_uring path="$work/copy" || wrong "it ended with status $?"
	cmp "$place/image" "$work/copy" || wrong "the copy is another"
}
