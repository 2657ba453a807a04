/* SPDX-License-Identifier: MIT */
/*
 * The clock of the modes that time waits: libc's, which is no system call. (What a forked child may
 * come to takes kernel_time().)
 */
#ifndef REGWAIT_CLOCK_H
#define REGWAIT_CLOCK_H

#include <stdint.h>
#include <time.h>

/* In nanoseconds. */
static inline uint64_t clock_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

#endif
