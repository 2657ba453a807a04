/* SPDX-License-Identifier: MIT */
/* Any processor: libc makes the system calls. */
#ifndef REGWAIT_ARCH_GENERIC_H
#define REGWAIT_ARCH_GENERIC_H

#include <errno.h>
#include <unistd.h>

#define ARCH_HAS_SYSCALL_ENTRY 0
#define ARCH_HAS_SITES	       0
#define ARCH_PAGE_MAX	       65536 /* the largest that any of them has */
#define ARCH_READS_IN_ORDER    0
#define ARCH_CALLER_IN_FRAME   0
#define arch_caller()	       __builtin_return_address(0)

static inline long kernel_call(long nr, long a, long b, long c, long d, long e, long f)
{
	int saved = errno;
	long ret = syscall(nr, a, b, c, d, e, f);

	if (ret == -1)
		ret = -errno;
	errno = saved;
	return ret;
}

#endif
