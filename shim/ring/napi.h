/* SPDX-License-Identifier: MIT */
/*
 * Rings whose waits poll network devices (IORING_REGISTER_NAPI). A wait polls them even with a
 * timeout of zero, and some programs count on it; so such a wait is not answered without one
 * (may_poll() in wait/engine.h). The tag says which rings these are, and their rows do, for as long
 * as they have no tag.
 */
#ifndef REGWAIT_NAPI_H
#define REGWAIT_NAPI_H

#include "ring/ring.h"

/* The ring begins or ceases to poll. */
void ring_napi(struct ring_ref ref, bool on);

/* A ring with this row has got a new tag. Under the table's lock. */
void napi_tagged(const struct ring_row *row, struct io_uring *ring);

/* After an io_uring_register(2). */
static inline void napi_registered(unsigned fd, unsigned opcode, int ret)
{
	unsigned op = opcode & ~REGISTER_USE_REGISTERED_RING;

	if (ret >= 0 && (op == REGISTER_NAPI || op == UNREGISTER_NAPI))
		ring_napi(ring_by_number(fd, op != opcode), op == REGISTER_NAPI);
}

#endif
