/* SPDX-License-Identifier: MIT */
/*
 * Closes the gate of a ring that is about to be unmapped.
 */
#include "wait/gate.h"

/*
 * They leave within a microsecond, unless they have lost their processor, which on a busy machine they
 * may for tens of milliseconds. One that a signal handler's siglongjmp() or a cancellation took away
 * never leaves: it looks at nothing either.
 */
#define PATIENCE_NS 100000000

void gate_close(struct gate *g)
{
	int64_t end = 0;

	__atomic_fetch_add(&g->closed, 1, __ATOMIC_SEQ_CST);
	while (__atomic_load_n(&g->inside, __ATOMIC_ACQUIRE)) {
		int64_t now = kernel_time(CLOCK_MONOTONIC);

		if (!end)
			end = now + PATIENCE_NS;
		if (now > end)
			break;
		kernel_call(SYS_sched_yield, 0, 0, 0, 0, 0, 0);
	}
}

void gate_open(struct gate *g)
{
	__atomic_fetch_sub(&g->closed, 1, __ATOMIC_RELEASE);
}
