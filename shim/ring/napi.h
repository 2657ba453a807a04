/* SPDX-License-Identifier: MIT */
/*
 * Rings whose waits poll network devices (IORING_REGISTER_NAPI). A wait on such a ring polls them
 * even with a timeout of zero, and some programs rely on it, so that wait is not replaced by an
 * enter without a timeout (may_poll() in wait/engine.h). A bit of the tag marks these rings; so
 * does a flag of their rows, for rings that get their tag later.
 */
#ifndef REGWAIT_NAPI_H
#define REGWAIT_NAPI_H

#include "ring/ring.h"

/* Waits on this ring poll devices from now on, or no longer. */
void ring_napi(struct ring_ref ref, bool on);

/* The ring of this row has a new tag: sets the bit in it. Under the table's lock. */
void napi_tagged(const struct ring_row *row, struct io_uring *ring);

/* To be called after each io_uring_register(2). */
static inline void napi_registered(unsigned fd, unsigned opcode, int ret)
{
	unsigned op = opcode & ~REGISTER_USE_REGISTERED_RING;

	if (ret >= 0 && (op == REGISTER_NAPI || op == UNREGISTER_NAPI))
		ring_napi(ring_by_number(fd, op != opcode), op == REGISTER_NAPI);
}

#endif
