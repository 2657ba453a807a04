/* SPDX-License-Identifier: MIT */
/*
 * The system calls that concern us, by whichever entry point they come: those of io_uring, those
 * that close descriptors, and those by which a process changes what we may do.
 *
 * X(name), the most frequent first.
 */
#ifndef REGWAIT_CONTRACT_CALLS_H
#define REGWAIT_CONTRACT_CALLS_H

#include <sys/syscall.h>

#ifdef SYS_dup2 /* not on newer processors */
#define REGWAIT_DUP2(X) X(dup2)
#else
#define REGWAIT_DUP2(X)
#endif

/* clang-format off */
#define REGWAIT_CALLS(X) \
	X(io_uring_enter) X(io_uring_setup) X(io_uring_register) \
	X(close) REGWAIT_DUP2(X) X(dup3) X(close_range) \
	X(seccomp) X(prctl) X(unshare) X(setns) X(sigaltstack)
/* clang-format on */

#endif
