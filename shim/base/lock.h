/* SPDX-License-Identifier: MIT */
/*
 * A lock of one word. Zero, as in memory that fork wiped, is unlocked. Not libc's mutex: its code
 * lies in pages that a forked child would touch for nothing else, and each costs a page fault.
 */
#ifndef REGWAIT_LOCK_H
#define REGWAIT_LOCK_H

#include <linux/futex.h>

#include "base/kernel.h"

enum lock_state {
	LOCK_FREE,
	LOCK_TAKEN,
	LOCK_AWAITED /* taken, and another thread sleeps or is about to */
};

struct lock {
	uint32_t state;
};

static inline bool lock_try(struct lock *l)
{
	uint32_t state = LOCK_FREE;

	return __atomic_compare_exchange_n(&l->state, &state, LOCK_TAKEN, false, __ATOMIC_ACQUIRE,
					   __ATOMIC_RELAXED);
}

static inline void lock_take(struct lock *l)
{
	if (lock_try(l))
		return;
	while (__atomic_exchange_n(&l->state, LOCK_AWAITED, __ATOMIC_ACQUIRE) != LOCK_FREE)
		kernel_call(SYS_futex, (long)&l->state, FUTEX_WAIT_PRIVATE, LOCK_AWAITED, 0, 0, 0);
}

static inline void lock_give(struct lock *l)
{
	if (__atomic_exchange_n(&l->state, LOCK_FREE, __ATOMIC_RELEASE) == LOCK_AWAITED)
		kernel_call(SYS_futex, (long)&l->state, FUTEX_WAKE_PRIVATE, 1, 0, 0, 0);
}

#endif
