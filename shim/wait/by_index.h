/* SPDX-License-Identifier: MIT */
/*
 * Waits by index: those of armed rings for which we hold a registered index (ring/ring_fd.h). Their
 * tag fails the test of the hot path, so that the hot path need not ask for it. Only the way into
 * the kernel differs; they are the same waits otherwise.
 */
#ifndef REGWAIT_BY_INDEX_H
#define REGWAIT_BY_INDEX_H

#include "process/threads.h"
#include "ring/ring_fd.h"
#include "wait/engine.h"

/* The index by which a wait on a ring whose tag says so may go right away; -1: that is not known. */
wait_inline int index_held(const struct io_uring *ring)
{
	return likely(__libc_single_threaded) ? ringfd_index(ring) : -1;
}

/* Such a wait, a timed one, by a thread with a slot. */
wait_inline int wait_by_index(const struct wait *w, int index, uint64_t tag, struct site site)
{
	const struct way way = { .fd = index, .flags = IORING_ENTER_REGISTERED_RING };

	return wait_once(w, tag, way, BY_SLOT, site);
}

/* The same where that has to be found out: the index may be lost, or there are threads. */
int wait_by_index_slowly(const struct wait *w, uint64_t tag, struct site site)
	__attribute__((noinline, visibility("hidden")));

#endif
