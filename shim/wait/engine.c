/* SPDX-License-Identifier: MIT */
/*
 * What the engine does not inline: registered waits that look before they sleep, and those that are
 * not in a hurry.
 */
#include "wait/engine.h"

int enter_looking(const struct wait *w, unsigned submit, unsigned flags, struct way way,
		  const void *frame)
{
	struct look l = {
		.ring = w->ring,
		.way = way,
		.submit = submit,
		.wait_nr = w->wait_nr,
		.flags = flags,
		.timed = true,
		/* In other modes only those come here that the coin has chosen. */
		.chosen = __atomic_load_n(live_mode, __ATOMIC_RELAXED) != MODE_ON,
		.reason = looking_reason_of(w->min_wait, w->sigmask),
		.sec = w->ts->tv_sec,
		.nsec = w->ts->tv_nsec,
	};
	int ret;

	if (look_may(&l, tag_read(w->ring)) && look(&l)) {
		count_one(me.counts->registered);
		return l.ret;
	}
	ret = enter_registered(w, l.submit, l.flags, &l.way, l.sec, l.nsec, frame);
	return l.ret ? l.ret : ret;
}

int wait_registered_slowly(const struct wait *w, uint64_t tag, struct way way, struct origin origin)
{
	return wait_once(w, tag, way, config.spin ? BY_SLOT_LOOKING : BY_SLOT, origin);
}
