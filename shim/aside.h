/* SPDX-License-Identifier: MIT */
/*
 * The waits of armed rings that stand aside: those that go by a registered descriptor
 * (ringfd.h), and all where returns are refilled (return.h). Their tag fails the test of the hot path, which so is spared the question; but
 * for how the kernel is entered they are the same waits.
 */
#ifndef REGWAIT_ASIDE_H
#define REGWAIT_ASIDE_H

#include <sys/single_threaded.h>

#include "ringfd.h"
#include "wait.h"

/*
 * This thread has no index for the ring. With "auto" that means that nobody has one any
 * more, so the ring may return to the hot path; with "on" its maker may have one.
 */
wait_inline void return_to_hot_path(struct io_uring *ring, uint64_t tag)
{
	if (config.ringfd != RINGFD_ON && !return_refills())
		tag_write(ring, tag_with_reason(tag, REASON_NONE));
}

/* A timed wait on a ring that stands aside, by a thread with a slot. */
wait_inline int wait_aside(const struct wait *w, uint64_t tag, const void *frame)
{
	struct way way = { .fd = w->ring->enter_ring_fd, .refills = return_refills() };
	int index;

	ringfd_look_round();
	index = ringfd_index(w->ring);
	if (likely(index >= 0) && unlikely(!__libc_single_threaded)) {
		ringfd_have_threads();
		index = ringfd_index(w->ring);
	}
	if (likely(index >= 0)) {
		way.fd = index;
		way.flags = IORING_ENTER_REGISTERED_RING;
	} else {
		return_to_hot_path(w->ring, tag);
	}
	return wait_once(w, tag, NULL, &way, me.counts, frame);
}

#endif
