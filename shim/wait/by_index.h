/* SPDX-License-Identifier: MIT */
/*
 * The waits of armed rings that stand aside: those that go by a registered descriptor
 * (ringfd.h), and all where returns are refilled (return.h). Their tag fails the test of the hot
 * path, which so is spared the question; but for how the kernel is entered they are the same
 * waits.
 */
#ifndef REGWAIT_ASIDE_H
#define REGWAIT_ASIDE_H

#include <sys/single_threaded.h>

#include "ring/ring_fd.h"
#include "wait/engine.h"

/* With a refill, without an index, among threads: finds out, and waits. */
int wait_aside_slowly(const struct wait *w, uint64_t tag, const void *frame)
	__attribute__((noinline, visibility("hidden")));

/* A timed wait on a ring that stands aside, by a thread with a slot. */
wait_inline int wait_aside(const struct wait *w, uint64_t tag, const void *frame)
{
	int index = ringfd_index(w->ring);

	if (likely(index >= 0) && likely(__libc_single_threaded) && likely(!return_refills())) {
		const struct way way = { .fd = index, .flags = IORING_ENTER_REGISTERED_RING };

		return wait_once(w, tag, NULL, &way, me.counts, frame);
	} else {
		/* A copy, so that w itself need not lie in memory. */
		const struct wait copy = *w;

		return wait_aside_slowly(&copy, tag, frame);
	}
}

#endif
