/* SPDX-License-Identifier: MIT */
/*
 * Waits by index, where threads or a lost index have to be checked first.
 */
#include "wait/by_index.h"

int wait_by_index_slowly(const struct wait *w, uint64_t tag, struct origin origin)
{
	struct way way = ordinary_way(w->ring);
	int index;

	/* There are threads, which libc made without our seeing it. */
	if (!__libc_single_threaded)
		ringfd_give_back();
	index = ringfd_index(w->ring);
	if (index >= 0) {
		way.fd = index;
		way.flags = IORING_ENTER_REGISTERED_RING;
	} else {
		/*
		 * No thread holds an index of it any more, so its waits may take the hot path
		 * again.
		 */
		tag_write(w->ring, tag_with_reason(tag, REASON_NONE));
	}
	return wait_registered_slowly(w, tag, way, origin);
}
