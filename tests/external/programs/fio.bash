# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034,SC2154 # the variables of who sources this, and for him
# fio with its engine io_uring, which enters by a system call instruction of its own, not seen by us,
# and without a timeout.

program=fio where=system
packages=fio
load='writes and verifies 64 MiB'
expects=untimed

prepare() {
	:
}

version() {
	fio --version
}

session() {
	takes fio --name=work --filename="$work/data" --ioengine=io_uring --iodepth=8 --thread=1 \
		--rw=randwrite --bs=4k --size=64M --verify=crc32c || wrong "it ended with status $?"
	holds "$work/out" 'err= 0' || wrong "what it read is not what it had written"
}
