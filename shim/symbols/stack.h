/* SPDX-License-Identifier: MIT */
/*
 * Changes of alternate signal stacks: who has one (process/thread.h), and which the kernel forgets
 * (process/threads.h).
 */
#ifndef REGWAIT_STACK_H
#define REGWAIT_STACK_H

#include <signal.h>

#include "process/thread.h"
#include "process/threads.h"

/*
 * Around a change of the alternate stack. The argument may be one that the kernel refuses, so it is
 * read only after the kernel has taken it. Until then the stack counts as one that disarms itself:
 * a signal may arrive on it at once.
 */
static inline void stack_changes(const stack_t *stack)
{
	if (stack)
		__atomic_fetch_add(&threads_changing_stacks, 1, __ATOMIC_SEQ_CST);
}

static inline void stack_changed(const stack_t *stack, long ret)
{
	if (!stack)
		return;
	if (!ret && (unsigned)stack->ss_flags & SS_AUTODISARM)
		__atomic_store_n(&threads_disarm_stacks, true, __ATOMIC_SEQ_CST);
	me.stack = STACK_UNKNOWN;
	__atomic_fetch_sub(&threads_changing_stacks, 1, __ATOMIC_SEQ_CST);
}

#endif
