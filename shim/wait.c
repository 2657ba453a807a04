/* SPDX-License-Identifier: MIT */
/*
 * The waits that cannot be registered at once: the first of a thread, those on
 * plain rings, those without a timeout. Finds the reason, counts it, and calls
 * the program's own liburing with untouched arguments.
 */
#include "next.h"
#include "ring.h"
#include "wait.h"

static int wait_plain(const struct wait *w, const struct next *next)
{
	switch (w->kind) {
	case WAIT_CQE_TIMEOUT:
		/*
		 * Every release defines io_uring_wait_cqe_timeout() as just this.
		 * Most call it through the PLT, so that the wait would come to us
		 * a second time.
		 */
		return next->io_uring_wait_cqes(w->ring, w->cqe_ptr, 1, w->ts, NULL);
	case WAIT_CQES:
		return next->io_uring_wait_cqes(w->ring, w->cqe_ptr, w->wait_nr, w->ts,
						w->sigmask);
	case SUBMIT_AND_WAIT_TIMEOUT:
		return next->io_uring_submit_and_wait_timeout(w->ring, w->cqe_ptr, w->wait_nr,
							      w->ts, w->sigmask);
	case WAIT_CQES_MIN_TIMEOUT:
		return next->io_uring_wait_cqes_min_timeout(w->ring, w->cqe_ptr, w->wait_nr,
							    w->ts, w->min_wait, w->sigmask);
	case SUBMIT_AND_WAIT_MIN_TIMEOUT:
		return next->io_uring_submit_and_wait_min_timeout(w->ring, w->cqe_ptr, w->wait_nr,
								  w->ts, w->min_wait, w->sigmask);
	}
	return -EINVAL;
}

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

/*
 * Is the slot written for a wait of this thread that goes on below us? A handler
 * may also have left that wait by siglongjmp(). Then we were called from the
 * same frame as it or from an older one, which cannot be while it goes on, unless
 * the handler has a stack of its own.
 */
static bool slot_is_busy(const void *frame)
{
	stack_t stack;

	if (me.busy && frame >= me.busy && !sigaltstack(NULL, &stack) &&
	    !(stack.ss_flags & SS_ONSTACK))
		me.busy = NULL;
	return me.busy;
}

/* Why this wait on an armed ring is plain all the same. */
static enum regwait_reason wait_reason(struct process *p, const struct wait *w,
				       const void *frame)
{
	if (!pointer_is_plausible(w->ts))
		return REASON_BAD_POINTER;
	if (!(w->ring->features & IORING_FEAT_EXT_ARG))
		return REASON_NO_EXT_ARG;
	if (~w->ring->features & features_needed(w->kind))
		return REASON_NO_MIN_TIMEOUT;
	if (!slot_take(p))
		return me.taking ? REASON_NESTED : REASON_NO_SLOT;
	return slot_is_busy(frame) ? REASON_NESTED : REASON_NONE;
}

int wait_otherwise(const struct wait *w, const void *frame, const void *caller)
{
	const struct next *next;
	enum regwait_reason why;
	struct process *p;
	uint64_t tag;

	config_greet();
	if (config.mode == MODE_OFF)
		return wait_plain(w, next_for(caller));

	p = process_get();
	why = ring_reason(p, w, caller, &tag, &next);
	if (!w->ts)
		why = REASON_NO_TIMEOUT;
	else if (!why && *live_mode == MODE_OFF)
		why = REASON_SWITCHED_OFF;
	if (!why)
		why = wait_reason(p, w, frame);
	if (!why)
		return wait_registered(w, tag);
	count_plain(p, why);
	return wait_plain(w, next);
}
