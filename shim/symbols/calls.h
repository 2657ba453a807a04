/* SPDX-License-Identifier: MIT */
/*
 * System calls by their numbers, by whichever entry point they come: libc's syscall(), or an
 * instruction of the program (sites/).
 */
#ifndef REGWAIT_CALLS_H
#define REGWAIT_CALLS_H

#include <linux/io_uring.h>

#include "base/next.h"

/* Makes a system call. It may return as libc's function does, or as the kernel does. */
typedef long call_function(long nr, long a, long b, long c, long d, long e, long f);

/* io_uring_setup(2); returns -errno. */
int call_setup(const struct next *next, unsigned entries, struct io_uring_params *p);

/*
 * The calls of contract/calls.h that are not io_uring's: does what they concern, and makes them.
 * Returns what the function does.
 */
long call_other(call_function *make, long nr, long a, long b, long c, long d, long e, long f);

#endif
