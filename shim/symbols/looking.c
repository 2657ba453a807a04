/* SPDX-License-Identifier: MIT */
/*
 * liburing's timed waits with REGWAIT_SPIN, for objects whose calls of the exported functions were
 * bound to these (wait/stand_in.c): registered waits that look before they sleep. Whatever is not
 * registered jumps to the exported function, and if it is plain, it looks in wait/stand_in.c.
 *
 * They are functions of their own, so that nobody who does not look executes anything for it.
 */
#include "symbols/path.h"
#include "symbols/start.h"
#include "symbols/symbols.h"

/* Is it a registered wait? Then *ret is what it returned. */
wait_inline bool is_registered(const struct wait *w, struct origin origin, int *ret)
{
	int index;

	switch (path_of(w->kind, w->ring, w->ts)) {
	case HOT:
		if (!can_register(w))
			return false;
		*ret = wait_once(w, tag_read(w->ring), ordinary_way(w->ring), BY_SLOT_LOOKING,
				 origin);
		return true;
	case INDEX:
		index = can_register(w) ? index_held(w->ring) : -1;
		if (index < 0)
			return false;
		*ret = wait_once(w, tag_read(w->ring),
				 (struct way){ .fd = index, .flags = IORING_ENTER_REGISTERED_RING },
				 BY_SLOT_LOOKING, origin);
		return true;
	default:
		return false;
	}
}

static int look_wait_cqes(struct io_uring *ring, struct io_uring_cqe **cqe_ptr, unsigned wait_nr,
			  struct __kernel_timespec *ts, sigset_t *sigmask)
{
	const struct wait w = wait_of(WAIT_CQES, ring, cqe_ptr, wait_nr, ts, 0, sigmask);
	int ret;

	if (is_registered(&w, origin_here(), &ret))
		return ret;
	return on_wait_cqes(ring, cqe_ptr, wait_nr, ts, sigmask);
}

static int look_wait_cqe_timeout(struct io_uring *ring, struct io_uring_cqe **cqe_ptr,
				 struct __kernel_timespec *ts)
{
	const struct wait w = wait_of(WAIT_CQES, ring, cqe_ptr, 1, ts, 0, NULL);
	int ret;

	if (likely(!next_interposed) && is_registered(&w, origin_here(), &ret))
		return ret;
	return on_wait_cqe_timeout(ring, cqe_ptr, ts);
}

static int look_submit_and_wait_timeout(struct io_uring *ring, struct io_uring_cqe **cqe_ptr,
					unsigned wait_nr, struct __kernel_timespec *ts,
					sigset_t *sigmask)
{
	const struct wait w =
		wait_of(SUBMIT_AND_WAIT_TIMEOUT, ring, cqe_ptr, wait_nr, ts, 0, sigmask);
	int ret;

	if (is_registered(&w, origin_here(), &ret))
		return ret;
	return on_submit_and_wait_timeout(ring, cqe_ptr, wait_nr, ts, sigmask);
}

/* Those with a minimum look if it is zero. */
static int look_wait_cqes_min_timeout(struct io_uring *ring, struct io_uring_cqe **cqe_ptr,
				      unsigned wait_nr, struct __kernel_timespec *ts,
				      unsigned min_wait, sigset_t *sigmask)
{
	const struct wait w =
		wait_of(WAIT_CQES_MIN_TIMEOUT, ring, cqe_ptr, wait_nr, ts, min_wait, sigmask);
	int ret;

	if (is_registered(&w, origin_here(), &ret))
		return ret;
	return on_wait_cqes_min_timeout(ring, cqe_ptr, wait_nr, ts, min_wait, sigmask);
}

static int look_submit_and_wait_min_timeout(struct io_uring *ring, struct io_uring_cqe **cqe_ptr,
					    unsigned wait_nr, struct __kernel_timespec *ts,
					    unsigned min_wait, sigset_t *sigmask)
{
	const struct wait w =
		wait_of(SUBMIT_AND_WAIT_MIN_TIMEOUT, ring, cqe_ptr, wait_nr, ts, min_wait, sigmask);
	int ret;

	if (is_registered(&w, origin_here(), &ret))
		return ret;
	return on_submit_and_wait_min_timeout(ring, cqe_ptr, wait_nr, ts, min_wait, sigmask);
}

#define LOOKS(name) \
	{ \
		"io_uring_" #name, (void *)on_##name, (void *)look_##name \
	}

const struct rebound looking[] = {
	LOOKS(wait_cqes),
	LOOKS(wait_cqe_timeout),
	LOOKS(submit_and_wait_timeout),
	LOOKS(wait_cqes_min_timeout),
	LOOKS(submit_and_wait_min_timeout),
	{ 0 },
};
