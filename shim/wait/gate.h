/* SPDX-License-Identifier: MIT */
/*
 * A thread that looks reads a ring's memory for as long as another may need to unmap it. A thread
 * that sleeps in the kernel reads nothing. So whoever unmaps a ring has those who look at it leave
 * first, and they sleep instead.
 *
 * Gates belong to no ring: several rings may share one, which then cost each other a look.
 */
#ifndef REGWAIT_GATE_H
#define REGWAIT_GATE_H

#include "base/liburing_abi.h"
#include "process/process.h"

static inline struct gate *gate_of(const struct io_uring *ring)
{
	return &zone.gates[(uintptr_t)ring->cq.khead / 4096 % ZONE_GATES];
}

static inline bool gate_is_closed(const struct gate *g)
{
	return __atomic_load_n(&g->closed, __ATOMIC_SEQ_CST);
}

static inline void gate_leave(struct gate *g)
{
	__atomic_fetch_sub(&g->inside, 1, __ATOMIC_RELEASE);
}

/* False: the ring is about to be unmapped. */
static inline bool gate_enter(struct gate *g)
{
	__atomic_fetch_add(&g->inside, 1, __ATOMIC_SEQ_CST);
	if (!gate_is_closed(g))
		return true;
	gate_leave(g);
	return false;
}

/* Around all that unmaps a ring. Until it is opened again, nobody of ours looks at it. */
void gate_close(struct gate *g);
void gate_open(struct gate *g);

#endif
