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

/* Without an index any more, or among threads: finds out, and waits. */
int wait_by_index_slowly(const struct wait *w, uint64_t tag, struct site site)
	__attribute__((noinline, visibility("hidden")));

/* A timed wait on a ring whose tag says so, by a thread with a slot. */
wait_inline int wait_by_index(const struct wait *w, uint64_t tag, struct site site)
{
	int index = ringfd_index(w->ring);

	if (likely(index >= 0) && likely(__libc_single_threaded)) {
		const struct way way = { .fd = index, .flags = IORING_ENTER_REGISTERED_RING };

		return wait_once(w, tag, way, BY_SLOT, site);
	} else {
		/* A copy, so that w itself need not lie in memory. */
		const struct wait copy = *w;

		return wait_by_index_slowly(&copy, tag, site);
	}
}

#endif
