/* SPDX-License-Identifier: MIT */
/*
 * Alternate signal stacks that the kernel forgets (process/threads.h).
 */
#ifndef REGWAIT_STACK_H
#define REGWAIT_STACK_H

#include <signal.h>

#include "process/threads.h"

#ifndef SS_AUTODISARM /* 4.7; the kernel's header cannot be included with libc's */
#define SS_AUTODISARM (1U << 31)
#endif

/* Reads the argument before the kernel does: a bad address faults here. */
static inline void note_stack(const stack_t *stack)
{
	if (stack && (unsigned)stack->ss_flags & SS_AUTODISARM)
		threads_disarm_stacks = true;
}

#endif
