/* SPDX-License-Identifier: MIT */
/*
 * Waits of signal handlers that interrupt a wait of their thread, whose slot is written.
 */
#ifndef REGWAIT_NESTED_H
#define REGWAIT_NESTED_H

#include <stdint.h>

#include "process/thread.h"

/*
 * Does a wait of this thread go on below us, so that its slot is written, and must be left alone?
 * Or was it left by siglongjmp() out of a handler? It was for certain if this wait has the very
 * same frame, or one that lies higher on the same stack. slot_is_busy() finds out about stacks;
 * where it cannot, it takes the wait for one that goes on.
 */
static inline bool is_nested(const void *frame)
{
	return me.busy && frame != me.busy &&
	       ((uintptr_t)frame < (uintptr_t)me.busy || me.busy == me.unsure);
}

/* The same, for certain; the thread's mark goes where the wait was left. */
bool slot_is_busy(const void *frame) __attribute__((visibility("hidden")));

#endif
