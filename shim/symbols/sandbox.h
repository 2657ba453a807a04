/* SPDX-License-Identifier: MIT */
/*
 * Calls by which a process enters a sandbox: a seccomp filter, or Syscall User Dispatch, which makes a
 * signal of each system call that is not made by certain code. Ours is not among that code.
 */
#ifndef REGWAIT_SANDBOX_H
#define REGWAIT_SANDBOX_H

#include <linux/seccomp.h>
#include <stdbool.h>
#include <sys/prctl.h>

#ifndef PR_SET_SYSCALL_USER_DISPATCH /* 5.11 */
#define PR_SET_SYSCALL_USER_DISPATCH 59
#define PR_SYS_DISPATCH_OFF	     0
#endif

/* With NULL for a filter, the program only asks whether filters are supported. */
static inline bool prctl_enters_sandbox(int op, unsigned long mode, unsigned long filter)
{
	if (op == PR_SET_SYSCALL_USER_DISPATCH)
		return mode != PR_SYS_DISPATCH_OFF;
	return op == PR_SET_SECCOMP && (mode != SECCOMP_MODE_FILTER || filter);
}

static inline bool seccomp_enters_sandbox(unsigned op, unsigned long filter)
{
	return op == SECCOMP_SET_MODE_STRICT || (op == SECCOMP_SET_MODE_FILTER && filter);
}

#endif
