# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034,SC2154 # the variables of who sources this, and for him
# QEMU's block layer with aio=io_uring, as qemu-img has it. Its timeouts are requests among others.

program=qemu-img where=system
packages='qemu-utils'
load='copies an image of 256 MiB'
expects=untimed

prepare() {
	head -c 256M /dev/urandom >"$place/image"
}

version() {
	qemu-img --version | sed -n '1s/ (.*//; 1s/ version//p'
}

image() {
	echo "driver=raw,file.driver=file,file.filename=$1,file.aio=io_uring"
}

session() {
	truncate -s 256M "$work/copy"
	takes qemu-img convert -n --image-opts --target-image-opts "$(image "$place/image")" \
		"$(image "$work/copy")" || wrong "it ended with status $?"
	cmp "$place/image" "$work/copy" || wrong "the copy is another"
}
