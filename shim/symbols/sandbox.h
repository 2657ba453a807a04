/* SPDX-License-Identifier: MIT */
/*
 * Calls by which a process enters a seccomp sandbox.
 */
#ifndef REGWAIT_SANDBOX_H
#define REGWAIT_SANDBOX_H

#include <linux/seccomp.h>
#include <stdbool.h>
#include <sys/prctl.h>

/* With NULL for a filter, the program only asks whether filters are supported. */
static inline bool prctl_enters_sandbox(int op, unsigned long mode, unsigned long filter)
{
	return op == PR_SET_SECCOMP && (mode != SECCOMP_MODE_FILTER || filter);
}

static inline bool seccomp_enters_sandbox(unsigned op, unsigned long filter)
{
	return op == SECCOMP_SET_MODE_STRICT || (op == SECCOMP_SET_MODE_FILTER && filter);
}

#endif
