/* SPDX-License-Identifier: MIT */
/*
 * Waits that cannot be registered, and jump to the program's own liburing: without a timeout, on
 * plain rings, by threads without a slot, while the mode is off. Programs that gain nothing pay for
 * this, so it is a few comparisons and a count in the thread's own line.
 *
 * A wait that is not known to belong here goes to wait_otherwise() (wait/choice.h), which finds out
 * what these functions need for the next one. So do timeouts of zero, which can be polled without a
 * wait area.
 */
#ifndef REGWAIT_PASS_H
#define REGWAIT_PASS_H

#include "base/next.h"
#include "wait/engine.h"
#include "wait/nested.h"

/* For a ring that stays plain: is the timeout zero, or is it unknown whether it can be read? */
wait_inline bool may_be_zero(const struct __kernel_timespec *ts)
{
	if (unlikely((uintptr_t)ts >> TS_PAGE_SHIFT != me.ts_page))
		return config.poll && me.pages_tried < PAGES_TRIED;
	return unlikely(!(ts->tv_sec | ts->tv_nsec)) && config.poll;
}

/*
 * The functions for a wait that has no timeout, or is on a ring that stays plain; the wait is
 * counted. NULL: ask wait_passes().
 */
wait_inline const struct next *wait_passes_at_once(enum wait_kind kind, const struct io_uring *ring,
						   const struct __kernel_timespec *ts,
						   const void *caller)
{
	const struct next *next = next_near(caller);
	unsigned why = REASON_NO_TIMEOUT;

	if (unlikely(!thread_has_line()) || unlikely(!next))
		return NULL;
	if (ts) {
		uint64_t tag;

		/* A structure that was never initialised has no ring, and so no tag to read. */
		if (is_min_kind(kind) && ~ring->features & features_needed(kind))
			return NULL;
		tag = tag_read(ring);
		why = ~tag & TAG_REASON_MASK;
		if ((tag ^ me.counts_nonce) & NONCE_MASK || !reason_is_settled(why) ||
		    may_be_zero(ts))
			return next->by_sites ? next : NULL;
	}
	count_one(me.counts->plain[why]);
	return next;
}

/*
 * Was the ring made by the parent or grandparent? Rings of older ancestors are left to
 * wait/choice.c.
 */
wait_inline bool is_ancestors(uint64_t tag)
{
	return ((tag ^ area.kept.ancestors[0]) & NONCE_MASK) == 0 ||
	       ((tag ^ area.kept.ancestors[1]) & NONCE_MASK) == 0;
}

/* The reason why a wait on an armed ring is plain; REASON_NONE: it need not be. */
wait_inline enum regwait_reason reason_on_armed(const void *frame)
{
	unsigned mode = __atomic_load_n(live_mode, __ATOMIC_RELAXED);

	if (process_sandboxed)
		return REASON_SANDBOX;
	if (mode == MODE_OFF)
		return REASON_SWITCHED_OFF;
	if (mode != MODE_ON)
		return REASON_NONE;
	if (!thread_has_slot() && me.slotless) {
		me.slotless--;
		return REASON_NO_SLOT;
	}
	return is_nested(frame) ? REASON_NESTED : REASON_NONE;
}

/* The reason why a wait on a ring with this tag is plain; REASON_NONE: none is known. */
wait_inline enum regwait_reason reason_by_tag(uint64_t tag, const void *frame)
{
	enum regwait_reason why = tag_reason(tag);

	if ((tag ^ this_process.nonce) & NONCE_MASK)
		return is_ancestors(tag) ? REASON_INHERITED : REASON_NONE;
	if (!why)
		return reason_on_armed(frame);
	return reason_is_settled(why) ? why : REASON_NONE;
}

/*
 * The functions for any wait that is known to be plain; it is counted. NULL: it is one for
 * wait_otherwise().
 */
wait_inline const struct next *wait_passes(enum wait_kind kind, const struct io_uring *ring,
					   const struct __kernel_timespec *ts, struct origin origin)
{
	const struct next *next = next_near(origin_caller(origin));
	enum regwait_reason why = REASON_NO_TIMEOUT;

	if (unlikely(!next) || config.mode == MODE_OFF)
		return next;
	if (unlikely(!thread_has_line()))
		return NULL;
	if (ts) {
		if (is_min_kind(kind) && ~ring->features & features_needed(kind))
			return NULL;
		why = reason_by_tag(tag_read(ring), origin.frame);
		if (reason_is_settled(why) && may_be_zero(ts))
			return NULL;
	}
	if (!why)
		return NULL;
	count_one(me.counts->plain[why]);
	return next;
}

#endif
