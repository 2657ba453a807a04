/* SPDX-License-Identifier: MIT */
/*
 * Blocks all signals for a few lines that must not be interrupted: a signal handler that leaves by
 * siglongjmp(), or an asynchronous cancellation, would leave a lock held. By the bare system call,
 * which also blocks the signals that libc reserves for itself.
 */
#ifndef REGWAIT_SIGNALS_H
#define REGWAIT_SIGNALS_H

#include <signal.h>

#include "base/kernel.h"

/* In a sandbox (process/process.h) may_call is false: the system call may kill the process. */
struct signals {
	uint64_t before;
	bool blocked;
};

static inline struct signals signals_block(bool may_call)
{
	const uint64_t all = ~(uint64_t)0;
	struct signals s = { 0 };

	if (may_call)
		s.blocked = !kernel_call(SYS_rt_sigprocmask, SIG_BLOCK, (long)&all, (long)&s.before,
					 KERNEL_SIGSET_SIZE, 0, 0);
	return s;
}

static inline void signals_restore(const struct signals *s)
{
	if (s->blocked)
		kernel_call(SYS_rt_sigprocmask, SIG_SETMASK, (long)&s->before, 0,
			    KERNEL_SIGSET_SIZE, 0, 0);
}

#endif
