/* SPDX-License-Identifier: MIT */
/*
 * Waits by index where something has to be found out first: threads, a lost index.
 */
#include "wait/by_index.h"

int wait_by_index_slowly(const struct wait *w, uint64_t tag, struct site site)
{
	struct way way = ordinary_way(w->ring);
	int index;

	/* libc has made a thread of its own. */
	if (!__libc_single_threaded)
		ringfd_give_back();
	index = ringfd_index(w->ring);
	if (index >= 0) {
		way.fd = index;
		way.flags = IORING_ENTER_REGISTERED_RING;
	} else {
		/* Nobody has one any more: the ring may return to the hot path. */
		tag_write(w->ring, tag_with_reason(tag, REASON_NONE));
	}
	return wait_once(w, tag, way, BY_SLOT, site);
}
