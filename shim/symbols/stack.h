/* SPDX-License-Identifier: MIT */
/*
 * Alternate signal stacks, as far as they matter here (process/threads.h).
 */
#ifndef REGWAIT_STACK_H
#define REGWAIT_STACK_H

#include <signal.h>

#include "process/threads.h"

#ifndef SS_AUTODISARM /* 4.7; the kernel's header and libc's do not go together */
#define SS_AUTODISARM (1U << 31)
#endif

/* An argument that cannot be read is the kernel's to refuse; it was written by the program. */
static inline void note_stack(const stack_t *stack)
{
	if (stack && (unsigned)stack->ss_flags & SS_AUTODISARM)
		threads_disarm_stacks = true;
}

#endif
