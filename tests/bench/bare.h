/* SPDX-License-Identifier: MIT */
/*
 * The limit: what one wait costs when nothing stands between the loop and the kernel. The system
 * call is inlined, so no function returns between it and the loop.
 */
#ifndef REGWAIT_BENCH_BARE_H
#define REGWAIT_BENCH_BARE_H

#include "worker.h"

#define SLOT_SIZE 64UL

#if defined(__x86_64__)
static inline __attribute__((always_inline)) int
bare_enter(int fd, unsigned int submit, unsigned int nr, unsigned int flags, unsigned long offset)
{
	register unsigned long r10 __asm__("r10") = flags;
	register unsigned long r8 __asm__("r8") = offset;
	register unsigned long r9 __asm__("r9") = SLOT_SIZE;
	long ret;

	__asm__ volatile("syscall"
			 : "=a"(ret)
			 : "0"((long)__NR_io_uring_enter), "D"((long)fd), "S"((long)submit),
			   "d"((long)nr), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return ret;
}

#else
#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

static inline int bare_enter(int fd, unsigned int submit, unsigned int nr, unsigned int flags,
			     unsigned long offset)
{
	long ret = syscall(__NR_io_uring_enter, fd, submit, nr, flags, offset, SLOT_SIZE);

	return ret < 0 ? -errno : ret;
}
#endif

#endif
