/* SPDX-License-Identifier: MIT */
/*
 * The waits that neither the hot path nor wait_passes() takes: the first of a thread, those on
 * rings that are new to us or not enabled yet, and those in modes other than on. Finds the reason,
 * counts it, and calls the program's own liburing with unchanged arguments. A timeout of zero is
 * polled.
 */
#include "base/greet.h"
#include "ring/ring.h"
#include "wait/by_index.h"
#include "wait/choice.h"
#include "wait/measure.h"
#include "wait/nested.h"
#include "wait/plain.h"

/* The reason why this ring's waits are plain, or REASON_NONE. Sets *tag to its tag. */
static enum regwait_reason reason_of_ring(struct process *p, const struct wait *w,
					  const struct next *next, uint64_t *tag)
{
	*tag = tag_fits(w->ring) ? tag_read(w->ring) : 0;
	if (*tag && (*tag & NONCE_MASK) != p->nonce)
		return REASON_INHERITED;
	if (!*tag) {
		if (!tag_fits(w->ring))
			return REASON_LAYOUT;
		ring_unseen(p, w->ring, next->quirks);
		return REASON_UNSEEN;
	}
	if (tag_reason(*tag) == REASON_DISABLED && ring_now_enabled(w->ring))
		*tag = tag_read(w->ring);
	return tag_reason(*tag);
}

/* The reason why this wait is plain although its ring is armed, or REASON_NONE. */
static enum regwait_reason reason_of_wait(struct process *p, const struct wait *w,
					  const void *frame)
{
	if (process_sandboxed)
		return REASON_SANDBOX;
	if (!timeout_is_readable(w->ts))
		return REASON_BAD_POINTER;
	if (!(w->ring->features & IORING_FEAT_EXT_ARG))
		return REASON_NO_EXT_ARG;
	if (~w->ring->features & features_needed(w->kind))
		return REASON_NO_MIN_TIMEOUT;
	if (!thread_take_slot(p))
		return REASON_NO_SLOT;
	return slot_is_busy(frame) ? REASON_NESTED : REASON_NONE;
}

/*
 * Polling needs no wait area, so a timeout of zero is polled on a plain ring as well. The timeout's
 * page is tried whatever the reason: wait_passes() then takes the next such wait.
 */
static bool may_poll_plain(struct process *p, const struct wait *w, uint64_t tag,
			   enum regwait_reason why)
{
	if (!reason_is_settled(why) || process_sandboxed || !config.poll ||
	    !timeout_is_readable(w->ts) || !rules_are_known(why) ||
	    p->stats_page->mode != MODE_ON || ~w->ring->features & features_needed(w->kind))
		return false;
	thread_take_line(p);
	return thread_has_line() &&
	       may_poll(w, tag, submits(w->kind) ? unsubmitted(w->ring, tag) : 0, w->ts->tv_sec,
			w->ts->tv_nsec);
}

/* A wait with a timeout, in a process that is live. */
static int wait_timed(struct process *p, const struct wait *w, const struct next *next,
		      struct origin origin)
{
	enum regwait_reason why, on_armed;
	uint64_t tag;

	why = reason_of_ring(p, w, next, &tag);
	if (!why || why == REASON_OBSERVED) {
		on_armed = reason_of_wait(p, w, origin.frame);
		if (on_armed)
			why = on_armed;
	}
	if (!why)
		why = mode_reason(p->stats_page->mode);
	if (!why && p->stats_page->mode != MODE_ON)
		return measure_variants(p, w, tag, next, origin);
	if (!why)
		return tag_is_by_index(tag) ?
			       wait_by_index_slowly(w, tag, origin) :
			       wait_registered_slowly(w, tag, ordinary_way(w->ring), origin);
	if (may_poll_plain(p, w, tag, why))
		return wait_once(w, tag, ordinary_way(w->ring), BY_POLL, origin);
	count_plain(p, why);
	return why == REASON_OBSERVED ? measure_observed(w, tag, next) : wait_plain(w, next);
}

int wait_otherwise(const struct wait *w, struct origin origin)
{
	const struct next *next = next_inside(origin_caller(origin));
	struct process *p;

	if (next)
		return wait_plain(w, next);
	next = next_for(origin_caller(origin));
	config_greet();
	p = config.mode == MODE_OFF ? NULL : process_get();
	if (!p)
		return wait_plain(w, next);
	if (w->ts && next->by_sites)
		return wait_plain(w, next);
	if (w->ts)
		return wait_timed(p, w, next, origin);
	count_plain(p, REASON_NO_TIMEOUT);
	return wait_plain(w, next);
}
