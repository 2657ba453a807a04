/* SPDX-License-Identifier: MIT */
/*
 * The limit: what one wait costs when nothing stands between the loop and the kernel. The system
 * call is inlined, so no function returns between it and the loop.
 */
#ifndef REGWAIT_BENCH_BARE_H
#define REGWAIT_BENCH_BARE_H

#include <sys/syscall.h>

#include "inline_call.h"
#include "worker.h"

#define SLOT_SIZE 64UL

static inline __attribute__((always_inline)) int
bare_enter(int fd, unsigned int submit, unsigned int nr, unsigned int flags, unsigned long offset)
{
	return inline_call(__NR_io_uring_enter, fd, submit, nr, flags, offset, SLOT_SIZE);
}

#endif
