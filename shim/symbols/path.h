/* SPDX-License-Identifier: MIT */
/*
 * What liburing's timed waits have in common: the choice of the path (symbols/wait.c).
 */
#ifndef REGWAIT_PATH_H
#define REGWAIT_PATH_H

#include "wait/by_index.h"
#include "wait/choice.h"
#include "wait/pass.h"

enum path { OFF, HOT, INDEX, PASS };

/*
 * The path of a wait of this thread on this ring. Whether the mode is on right now is left to
 * can_register(). With REGWAIT=off only the real function is called.
 */
wait_inline enum path path_of(enum wait_kind kind, const struct io_uring *ring,
			      const struct __kernel_timespec *ts)
{
	uint64_t state;

	if (unlikely(config.mode == MODE_OFF))
		return OFF;
	if (!ts || (is_min_kind(kind) && unlikely(~ring->features & features_needed(kind))))
		return PASS;
	state = tag_state(ring);
	return likely(state == TAG_ARMED) ? HOT : likely(state == TAG_BY_INDEX) ? INDEX : PASS;
}

/* The exported functions. */
extern __typeof__(io_uring_wait_cqes) on_wait_cqes;
extern __typeof__(io_uring_wait_cqe_timeout) on_wait_cqe_timeout;
extern __typeof__(io_uring_submit_and_wait_timeout) on_submit_and_wait_timeout;
extern __typeof__(io_uring_wait_cqes_min_timeout) on_wait_cqes_min_timeout;
extern __typeof__(io_uring_submit_and_wait_min_timeout) on_submit_and_wait_min_timeout;

/* Makes a copy, so that on the hot path the wait can stay in registers. */
wait_inline int other_wait(const struct wait w, struct origin origin)
{
	const struct wait copy = w;

	return wait_otherwise(&copy, origin);
}

#endif
