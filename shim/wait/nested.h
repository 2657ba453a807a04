/* SPDX-License-Identifier: MIT */
/*
 * Waits of signal handlers that interrupt a wait of their thread, whose slot is written.
 */
#ifndef REGWAIT_NESTED_H
#define REGWAIT_NESTED_H

#include <stdint.h>

#include "process/thread.h"

/*
 * A wait of this thread that goes on below us was left by a handler, or is it one's handler that
 * is waiting now? It was left for certain if its frame is younger than this one's, on the same
 * stack; slot_is_busy() finds out about stacks.
 */
static inline bool is_nested(const void *frame)
{
	return me.busy && (uintptr_t)frame < (uintptr_t)me.busy;
}

/*
 * Is the slot written for a wait of this thread that goes on below us? A handler may also have
 * left that wait by siglongjmp(), which can be told where both are on one stack.
 */
bool slot_is_busy(const void *frame) __attribute__((visibility("hidden")));

#endif
