/* SPDX-License-Identifier: MIT */
#include "wait/by_index.h"
#include "base/config.h"

/*
 * This thread has no index for the ring. With "auto" that means that nobody has one any
 * more, so the ring may return to the hot path; with "on" its maker may have one.
 */
static void return_to_hot_path(struct io_uring *ring, uint64_t tag)
{
	if (config.ringfd != RINGFD_ON && !return_refills())
		tag_write(ring, tag_with_reason(tag, REASON_NONE));
}

int wait_aside_slowly(const struct wait *w, uint64_t tag, const void *frame)
{
	struct way way = { .fd = w->ring->enter_ring_fd, .refills = return_refills() };
	int index;

	ringfd_look_round();
	/* libc has made a thread of its own. */
	if (!__libc_single_threaded)
		ringfd_have_threads();
	index = ringfd_index(w->ring);
	if (index >= 0) {
		way.fd = index;
		way.flags = IORING_ENTER_REGISTERED_RING;
	} else {
		return_to_hot_path(w->ring, tag);
	}
	return wait_once(w, tag, NULL, &way, me.counts, frame);
}
