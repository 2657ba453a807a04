/* SPDX-License-Identifier: MIT */
/*
 * Waits by index: on armed rings of which we hold a registered index (ring/ring_fd.h). Their tag
 * fails the hot path's comparison, so the hot path need not test for them. They are the same waits,
 * but for the number by which the kernel is told the ring.
 */
#ifndef REGWAIT_BY_INDEX_H
#define REGWAIT_BY_INDEX_H

#include "process/threads.h"
#include "ring/ring_fd.h"
#include "wait/engine.h"

/* For a ring whose tag says TAG_BY_INDEX: the index to wait by; -1: it has to be found out. */
wait_inline int index_held(const struct io_uring *ring)
{
	return likely(__libc_single_threaded) ? ringfd_index(ring) : -1;
}

/* A timed wait by index, of a thread with a slot. */
wait_inline int wait_by_index(const struct wait *w, int index, uint64_t tag, struct origin origin)
{
	const struct way way = { .fd = index, .flags = IORING_ENTER_REGISTERED_RING };

	return wait_once(w, tag, way, BY_SLOT, origin);
}

/* The same, if the index may be lost, or there may be threads. */
int wait_by_index_slowly(const struct wait *w, uint64_t tag, struct origin origin)
	__attribute__((noinline, visibility("hidden")));

#endif
