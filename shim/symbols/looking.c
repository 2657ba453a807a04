/* SPDX-License-Identifier: MIT */
/*
 * liburing's timed waits with REGWAIT_SPIN, for objects whose calls of the exported functions were
 * bound to these (wait/stand_in.c): registered waits that look before they sleep. Whatever is not
 * registered jumps to the exported function, and if it is plain, it looks in wait/stand_in.c.
 *
 * They are functions of their own, so that nobody who does not look executes anything for it:
 *
 *	look_...	with REGWAIT_SPIN=auto: a registered wait on a ring where looking does not pay;
 *			all that it takes more than one of wait.c is to be counted down. Else it jumps to
 *	seek_...	a registered wait that may look. Else it jumps to what is exported
 */
#include "symbols/path.h"
#include "symbols/start.h"
#include "symbols/symbols.h"

/*
 * Is it a registered wait? Then *ret is what it returned. Of which ring it is its tag must say. Two calls
 * of the engine, so that the usual way is known to it.
 */
wait_inline bool is_registered(const struct wait *w, struct argument argument, struct origin origin,
			       int *ret)
{
	const uint64_t state = tag_state(w->ring);
	int index;

	if (likely(state == TAG_ARMED)) {
		if (!can_register(w))
			return false;
		*ret = wait_once(w, tag_read(w->ring), ordinary_way(w->ring), argument, origin);
		return true;
	}
	index = state == TAG_BY_INDEX && can_register(w) ? index_held(w->ring) : -1;
	if (index < 0)
		return false;
	*ret = wait_once(w, tag_read(w->ring),
			 (struct way){ .fd = index, .flags = IORING_ENTER_REGISTERED_RING },
			 argument, origin);
	return true;
}

/* One without a timeout, or of a structure that was never initialised, has no business here. */
wait_inline bool has_ring(const struct wait *w)
{
	return w->ts &&
	       !(is_min_kind(w->kind) && unlikely(~w->ring->features & features_needed(w->kind)));
}

SEPARATE int seek_wait_cqes(struct io_uring *ring, struct io_uring_cqe **cqe_ptr, unsigned wait_nr,
			    struct __kernel_timespec *ts, sigset_t *sigmask)
{
	const struct wait w = wait_of(WAIT_CQES, ring, cqe_ptr, wait_nr, ts, 0, sigmask);
	int ret;

	if (has_ring(&w) && is_registered(&w, BY_SLOT_LOOKING, origin_here(), &ret))
		return ret;
	return on_wait_cqes(ring, cqe_ptr, wait_nr, ts, sigmask);
}

static int look_wait_cqes(struct io_uring *ring, struct io_uring_cqe **cqe_ptr, unsigned wait_nr,
			  struct __kernel_timespec *ts, sigset_t *sigmask)
{
	const struct wait w = wait_of(WAIT_CQES, ring, cqe_ptr, wait_nr, ts, 0, sigmask);
	int ret;

	if (unlikely(!ts))
		return on_wait_cqes(ring, cqe_ptr, wait_nr, ts, sigmask);
	if (likely(ring->cq.khead == me.asleep) &&
	    is_registered(&w, BY_SLOT_ASLEEP, origin_here(), &ret))
		return ret;
	return seek_wait_cqes(ring, cqe_ptr, wait_nr, ts, sigmask);
}

SEPARATE int seek_wait_cqe_timeout(struct io_uring *ring, struct io_uring_cqe **cqe_ptr,
				   struct __kernel_timespec *ts)
{
	const struct wait w = wait_of(WAIT_CQES, ring, cqe_ptr, 1, ts, 0, NULL);
	int ret;

	if (likely(!next_interposed) && has_ring(&w) &&
	    is_registered(&w, BY_SLOT_LOOKING, origin_here(), &ret))
		return ret;
	return on_wait_cqe_timeout(ring, cqe_ptr, ts);
}

static int look_wait_cqe_timeout(struct io_uring *ring, struct io_uring_cqe **cqe_ptr,
				 struct __kernel_timespec *ts)
{
	const struct wait w = wait_of(WAIT_CQES, ring, cqe_ptr, 1, ts, 0, NULL);
	int ret;

	if (unlikely(!ts))
		return on_wait_cqe_timeout(ring, cqe_ptr, ts);
	if (likely(!next_interposed) && likely(ring->cq.khead == me.asleep) &&
	    is_registered(&w, BY_SLOT_ASLEEP, origin_here(), &ret))
		return ret;
	return seek_wait_cqe_timeout(ring, cqe_ptr, ts);
}

SEPARATE int seek_submit_and_wait_timeout(struct io_uring *ring, struct io_uring_cqe **cqe_ptr,
					  unsigned wait_nr, struct __kernel_timespec *ts,
					  sigset_t *sigmask)
{
	const struct wait w =
		wait_of(SUBMIT_AND_WAIT_TIMEOUT, ring, cqe_ptr, wait_nr, ts, 0, sigmask);
	int ret;

	if (has_ring(&w) && is_registered(&w, BY_SLOT_LOOKING, origin_here(), &ret))
		return ret;
	return on_submit_and_wait_timeout(ring, cqe_ptr, wait_nr, ts, sigmask);
}

static int look_submit_and_wait_timeout(struct io_uring *ring, struct io_uring_cqe **cqe_ptr,
					unsigned wait_nr, struct __kernel_timespec *ts,
					sigset_t *sigmask)
{
	const struct wait w =
		wait_of(SUBMIT_AND_WAIT_TIMEOUT, ring, cqe_ptr, wait_nr, ts, 0, sigmask);
	int ret;

	if (unlikely(!ts))
		return on_submit_and_wait_timeout(ring, cqe_ptr, wait_nr, ts, sigmask);
	if (likely(ring->cq.khead == me.asleep) &&
	    is_registered(&w, BY_SLOT_ASLEEP, origin_here(), &ret))
		return ret;
	return seek_submit_and_wait_timeout(ring, cqe_ptr, wait_nr, ts, sigmask);
}

/* Those with a minimum look if it is zero. */
SEPARATE int seek_wait_cqes_min_timeout(struct io_uring *ring, struct io_uring_cqe **cqe_ptr,
					unsigned wait_nr, struct __kernel_timespec *ts,
					unsigned min_wait, sigset_t *sigmask)
{
	const struct wait w =
		wait_of(WAIT_CQES_MIN_TIMEOUT, ring, cqe_ptr, wait_nr, ts, min_wait, sigmask);
	int ret;

	if (has_ring(&w) && is_registered(&w, BY_SLOT_LOOKING, origin_here(), &ret))
		return ret;
	return on_wait_cqes_min_timeout(ring, cqe_ptr, wait_nr, ts, min_wait, sigmask);
}

static int look_wait_cqes_min_timeout(struct io_uring *ring, struct io_uring_cqe **cqe_ptr,
				      unsigned wait_nr, struct __kernel_timespec *ts,
				      unsigned min_wait, sigset_t *sigmask)
{
	const struct wait w =
		wait_of(WAIT_CQES_MIN_TIMEOUT, ring, cqe_ptr, wait_nr, ts, min_wait, sigmask);
	int ret;

	if (unlikely(!ts))
		return on_wait_cqes_min_timeout(ring, cqe_ptr, wait_nr, ts, min_wait, sigmask);
	if (likely(ring->cq.khead == me.asleep) &&
	    is_registered(&w, BY_SLOT_ASLEEP, origin_here(), &ret))
		return ret;
	return seek_wait_cqes_min_timeout(ring, cqe_ptr, wait_nr, ts, min_wait, sigmask);
}

SEPARATE int seek_submit_and_wait_min_timeout(struct io_uring *ring, struct io_uring_cqe **cqe_ptr,
					      unsigned wait_nr, struct __kernel_timespec *ts,
					      unsigned min_wait, sigset_t *sigmask)
{
	const struct wait w =
		wait_of(SUBMIT_AND_WAIT_MIN_TIMEOUT, ring, cqe_ptr, wait_nr, ts, min_wait, sigmask);
	int ret;

	if (has_ring(&w) && is_registered(&w, BY_SLOT_LOOKING, origin_here(), &ret))
		return ret;
	return on_submit_and_wait_min_timeout(ring, cqe_ptr, wait_nr, ts, min_wait, sigmask);
}

static int look_submit_and_wait_min_timeout(struct io_uring *ring, struct io_uring_cqe **cqe_ptr,
					    unsigned wait_nr, struct __kernel_timespec *ts,
					    unsigned min_wait, sigset_t *sigmask)
{
	const struct wait w =
		wait_of(SUBMIT_AND_WAIT_MIN_TIMEOUT, ring, cqe_ptr, wait_nr, ts, min_wait, sigmask);
	int ret;

	if (unlikely(!ts))
		return on_submit_and_wait_min_timeout(ring, cqe_ptr, wait_nr, ts, min_wait,
						      sigmask);
	if (likely(ring->cq.khead == me.asleep) &&
	    is_registered(&w, BY_SLOT_ASLEEP, origin_here(), &ret))
		return ret;
	return seek_submit_and_wait_min_timeout(ring, cqe_ptr, wait_nr, ts, min_wait, sigmask);
}

#define LOOKS(prefix, name) \
	{ \
		"io_uring_" #name, (void *)on_##name, (void *)prefix##_##name \
	}
#define ALL_LOOK(prefix) \
	{ \
		LOOKS(prefix, wait_cqes), LOOKS(prefix, wait_cqe_timeout), \
			LOOKS(prefix, submit_and_wait_timeout), \
			LOOKS(prefix, wait_cqes_min_timeout), \
			LOOKS(prefix, submit_and_wait_min_timeout), { 0 }, \
	}

const struct rebound looking_always[] = ALL_LOOK(seek), looking_where_it_pays[] = ALL_LOOK(look);
