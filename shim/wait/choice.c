/* SPDX-License-Identifier: MIT */
/*
 * The waits that cannot be registered at once: the first of a thread, those on
 * plain rings, those without a timeout. Finds the reason, counts it, and calls
 * the program's own liburing with untouched arguments.
 */
#include "wait/by_index.h"
#include "ring/index.h"
#include "wait/measure.h"
#include "base/next.h"
#include "base/off.h"
#include "wait/plain.h"
#include "process/readable.h"
#include "ring/ring.h"
#include "wait/engine.h"

/* Why this ring's waits are plain, and whose functions to call; *tag is its tag. */
static enum regwait_reason ring_reason(struct process *p, const struct wait *w,
				       const void *caller, uint64_t *tag,
				       const struct next **next)
{
	*tag = tag_fits(w->ring) ? tag_read(w->ring) : 0;
	if (*tag && (!p || (*tag & TAG_NONCE_MASK) != p->nonce)) {
		/* Most often our parent's, with the same libraries in the same places. */
		*next = next_by_index(tag_library(*tag));
		if (!*next)
			*next = next_for(caller);
		return REASON_INHERITED;
	}
	if (!*tag) {
		*next = next_for(caller);
		if (!tag_fits(w->ring))
			return REASON_LAYOUT;
		if (p)
			ring_unseen(p, w->ring, *next);
		return p ? REASON_UNSEEN : REASON_NO_MEMORY;
	}
	if (tag_reason(*tag) == REASON_DISABLED && ring_now_enabled(w->ring))
		*tag = tag_read(w->ring);
	*next = next_by_index(tag_library(*tag));
	return tag_reason(*tag);
}

/* Why this wait on an armed ring is plain all the same. */
static enum regwait_reason wait_reason(struct process *p, const struct wait *w,
				       const void *frame)
{
	if (!timeout_is_readable(w->ts))
		return REASON_BAD_POINTER;
	if (!(w->ring->features & IORING_FEAT_EXT_ARG))
		return REASON_NO_EXT_ARG;
	if (~w->ring->features & features_needed(w->kind))
		return REASON_NO_MIN_TIMEOUT;
	if (!slot_take(p))
		return me.taking ? REASON_NESTED : REASON_NO_SLOT;
	return slot_is_busy(frame) ? REASON_NESTED : REASON_NONE;
}

/* What the wait was, the slot still tells; the hot path need not keep it for our sake. */
int wait_refused(enum wait_kind kind, struct io_uring *ring, struct io_uring_cqe **cqe_ptr,
		 unsigned wait_nr, int ret)
{
	const struct next *next = next_by_index(tag_library(tag_read(ring)));
	struct __kernel_timespec ts = me.slot->ts;
	const struct wait w = {
		.kind = kind, .ring = ring, .cqe_ptr = cqe_ptr, .wait_nr = wait_nr, .ts = &ts,
		.min_wait = me.slot->min_wait_usec,
		.sigmask = (sigset_t *)(uintptr_t)me.slot->sigmask,
	};

	/* A bad mask is the program's own doing; so is an index that names nothing. */
	if ((w.sigmask && !is_readable(w.sigmask)) ||
	    (ring->enter_ring_fd != ring->ring_fd &&
	     index_handle(ring->enter_ring_fd) == NO_HANDLE))
		return ret;
	me.counts->registered--;
	count_plain(process_peek(), REASON_UNSEEN);
	return wait_plain(&w, next);
}

/* A ring of ours that is known to stay plain, which is most of what comes here. */
static bool is_plain_ring(const struct process *p, const struct wait *w, uint64_t tag)
{
	enum regwait_reason why = tag_reason(tag);

	return p && (tag & TAG_NONCE_MASK) == p->nonce && why && why != REASON_DISABLED &&
	       why != REASON_OBSERVED && w->ts;
}

int wait_otherwise(const struct wait *w, const void *frame, const void *caller)
{
	enum regwait_reason why, objection;
	const struct next *next;
	struct process *p;
	unsigned mode;
	uint64_t tag;

	if (me.plain && next_called(me.plain, caller))
		return wait_plain(w, me.plain);
	p = process_peek();
	tag = p ? tag_read(w->ring) : 0;
	if (is_plain_ring(p, w, tag)) {
		count_plain(p, tag_reason(tag));
		return wait_plain(w, next_by_index(tag_library(tag)));
	}
	config_greet();
	if (config.mode == MODE_OFF)
		return wait_plain(w, off_find(caller));
	p = process_get();
	mode = p ? p->page->mode : config.mode;
	why = ring_reason(p, w, caller, &tag, &next);
	if (!w->ts)
		why = REASON_NO_TIMEOUT;
	if (!why || why == REASON_OBSERVED) {
		objection = wait_reason(p, w, frame);
		if (objection)
			why = objection;
	}
	if (!why)
		why = mode_reason(mode);
	if (!why && (mode == MODE_AB || mode == MODE_AA))
		return measure_arms(p, w, tag, next, frame);
	if (!why)
		return tag_is_aside(tag) ? wait_aside(w, tag, frame) :
					   wait_registered(w, tag, frame);
	count_plain(p, why);
	return why == REASON_OBSERVED ? measure_observed(w, tag, next) : wait_plain(w, next);
}
