/* SPDX-License-Identifier: MIT */
/*
 * Waits of signal handlers that interrupted a wait of the same thread, which uses the slot.
 */
#ifndef REGWAIT_NESTED_H
#define REGWAIT_NESTED_H

#include <stdint.h>

#include "process/thread.h"

/*
 * Is there a wait below us on this thread's stack that has not returned? Then it uses the slot,
 * which must be left alone. me.busy is its frame, unless a handler left that wait by siglongjmp().
 * It did for certain if our frame is the same, or lies higher on the same stack. slot_is_busy()
 * finds out about stacks; if it cannot, the wait is taken for one that has not returned.
 */
static inline bool is_nested(const void *frame)
{
	return me.busy && frame != me.busy &&
	       ((uintptr_t)frame < (uintptr_t)me.busy || me.busy == me.unsure);
}

/* The same, found out for certain where possible. Clears me.busy if the wait was left. */
bool slot_is_busy(const void *frame) __attribute__((visibility("hidden")));

#endif
