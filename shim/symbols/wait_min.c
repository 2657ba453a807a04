/* SPDX-License-Identifier: MIT */
/*
 * liburing's waits with a minimum time (since 2.8), written as those in symbols/wait.c.
 */
#include "symbols/path.h"
#include "symbols/symbols.h"

/* io_uring_wait_cqes_min_timeout() */

SEPARATE int other_wait_min(struct io_uring *ring, struct io_uring_cqe **cqe_ptr, unsigned wait_nr,
			    struct __kernel_timespec *ts, unsigned min_wait, sigset_t *sigmask)
{
	return other_wait(wait_of(WAIT_CQES_MIN_TIMEOUT, ring, cqe_ptr, wait_nr, ts, min_wait,
				  sigmask),
			  origin_here());
}

SEPARATE int rest_wait_min(struct io_uring *ring, struct io_uring_cqe **cqe_ptr, unsigned wait_nr,
			   struct __kernel_timespec *ts, unsigned min_wait, sigset_t *sigmask)
{
	const struct next *next = wait_passes(WAIT_CQES_MIN_TIMEOUT, ring, ts, origin_here());

	if (likely(next))
		return next->io_uring_wait_cqes_min_timeout(ring, cqe_ptr, wait_nr, ts, min_wait,
							    sigmask);
	return other_wait_min(ring, cqe_ptr, wait_nr, ts, min_wait, sigmask);
}

SEPARATE int pass_wait_min(struct io_uring *ring, struct io_uring_cqe **cqe_ptr, unsigned wait_nr,
			   struct __kernel_timespec *ts, unsigned min_wait, sigset_t *sigmask)
{
	const struct next *next =
		wait_passes_at_once(WAIT_CQES_MIN_TIMEOUT, ring, ts, arch_caller());

	if (likely(next))
		return next->io_uring_wait_cqes_min_timeout(ring, cqe_ptr, wait_nr, ts, min_wait,
							    sigmask);
	return rest_wait_min(ring, cqe_ptr, wait_nr, ts, min_wait, sigmask);
}

SEPARATE int index_wait_min(struct io_uring *ring, struct io_uring_cqe **cqe_ptr, unsigned wait_nr,
			    struct __kernel_timespec *ts, unsigned min_wait, sigset_t *sigmask)
{
	const struct wait w =
		wait_of(WAIT_CQES_MIN_TIMEOUT, ring, cqe_ptr, wait_nr, ts, min_wait, sigmask);

	if (can_register(&w)) {
		int index = index_held(ring);

		if (likely(index >= 0))
			return wait_by_index(&w, index, tag_read(ring), origin_here());
	}
	return rest_wait_min(ring, cqe_ptr, wait_nr, ts, min_wait, sigmask);
}

SEPARATE int hot_wait_min(struct io_uring *ring, struct io_uring_cqe **cqe_ptr, unsigned wait_nr,
			  struct __kernel_timespec *ts, unsigned min_wait, sigset_t *sigmask)
{
	const struct wait w =
		wait_of(WAIT_CQES_MIN_TIMEOUT, ring, cqe_ptr, wait_nr, ts, min_wait, sigmask);

	if (can_register(&w))
		return wait_registered(&w, tag_read(ring), origin_here());
	return rest_wait_min(ring, cqe_ptr, wait_nr, ts, min_wait, sigmask);
}

VERSIONED_ONCE(on_wait_cqes_min_timeout, io_uring_wait_cqes_min_timeout, "2.8");
int on_wait_cqes_min_timeout(struct io_uring *ring, struct io_uring_cqe **cqe_ptr, unsigned wait_nr,
			     struct __kernel_timespec *ts, unsigned min_wait, sigset_t *sigmask)
{
	switch (path_of(WAIT_CQES_MIN_TIMEOUT, ring, ts)) {
	case OFF:
		if (likely(next_is_first(arch_caller())))
			return next_callers[0].next->io_uring_wait_cqes_min_timeout(
				ring, cqe_ptr, wait_nr, ts, min_wait, sigmask);
		return rest_wait_min(ring, cqe_ptr, wait_nr, ts, min_wait, sigmask);
	case HOT:
		return hot_wait_min(ring, cqe_ptr, wait_nr, ts, min_wait, sigmask);
	case INDEX:
		return index_wait_min(ring, cqe_ptr, wait_nr, ts, min_wait, sigmask);
	default:
		return pass_wait_min(ring, cqe_ptr, wait_nr, ts, min_wait, sigmask);
	}
}

/* io_uring_submit_and_wait_min_timeout() */

SEPARATE int other_submit_min(struct io_uring *ring, struct io_uring_cqe **cqe_ptr,
			      unsigned wait_nr, struct __kernel_timespec *ts, unsigned min_wait,
			      sigset_t *sigmask)
{
	return other_wait(wait_of(SUBMIT_AND_WAIT_MIN_TIMEOUT, ring, cqe_ptr, wait_nr, ts, min_wait,
				  sigmask),
			  origin_here());
}

SEPARATE int rest_submit_min(struct io_uring *ring, struct io_uring_cqe **cqe_ptr, unsigned wait_nr,
			     struct __kernel_timespec *ts, unsigned min_wait, sigset_t *sigmask)
{
	const struct next *next = wait_passes(SUBMIT_AND_WAIT_MIN_TIMEOUT, ring, ts, origin_here());

	if (likely(next))
		return next->io_uring_submit_and_wait_min_timeout(ring, cqe_ptr, wait_nr, ts,
								  min_wait, sigmask);
	return other_submit_min(ring, cqe_ptr, wait_nr, ts, min_wait, sigmask);
}

SEPARATE int pass_submit_min(struct io_uring *ring, struct io_uring_cqe **cqe_ptr, unsigned wait_nr,
			     struct __kernel_timespec *ts, unsigned min_wait, sigset_t *sigmask)
{
	const struct next *next =
		wait_passes_at_once(SUBMIT_AND_WAIT_MIN_TIMEOUT, ring, ts, arch_caller());

	if (likely(next))
		return next->io_uring_submit_and_wait_min_timeout(ring, cqe_ptr, wait_nr, ts,
								  min_wait, sigmask);
	return rest_submit_min(ring, cqe_ptr, wait_nr, ts, min_wait, sigmask);
}

SEPARATE int index_submit_min(struct io_uring *ring, struct io_uring_cqe **cqe_ptr,
			      unsigned wait_nr, struct __kernel_timespec *ts, unsigned min_wait,
			      sigset_t *sigmask)
{
	const struct wait w =
		wait_of(SUBMIT_AND_WAIT_MIN_TIMEOUT, ring, cqe_ptr, wait_nr, ts, min_wait, sigmask);

	if (can_register(&w)) {
		int index = index_held(ring);

		if (likely(index >= 0))
			return wait_by_index(&w, index, tag_read(ring), origin_here());
	}
	return rest_submit_min(ring, cqe_ptr, wait_nr, ts, min_wait, sigmask);
}

SEPARATE int hot_submit_min(struct io_uring *ring, struct io_uring_cqe **cqe_ptr, unsigned wait_nr,
			    struct __kernel_timespec *ts, unsigned min_wait, sigset_t *sigmask)
{
	const struct wait w =
		wait_of(SUBMIT_AND_WAIT_MIN_TIMEOUT, ring, cqe_ptr, wait_nr, ts, min_wait, sigmask);

	if (can_register(&w))
		return wait_registered(&w, tag_read(ring), origin_here());
	return rest_submit_min(ring, cqe_ptr, wait_nr, ts, min_wait, sigmask);
}

VERSIONED_ONCE(on_submit_and_wait_min_timeout, io_uring_submit_and_wait_min_timeout, "2.8");
int on_submit_and_wait_min_timeout(struct io_uring *ring, struct io_uring_cqe **cqe_ptr,
				   unsigned wait_nr, struct __kernel_timespec *ts,
				   unsigned min_wait, sigset_t *sigmask)
{
	switch (path_of(SUBMIT_AND_WAIT_MIN_TIMEOUT, ring, ts)) {
	case OFF:
		if (likely(next_is_first(arch_caller())))
			return next_callers[0].next->io_uring_submit_and_wait_min_timeout(
				ring, cqe_ptr, wait_nr, ts, min_wait, sigmask);
		return rest_submit_min(ring, cqe_ptr, wait_nr, ts, min_wait, sigmask);
	case HOT:
		return hot_submit_min(ring, cqe_ptr, wait_nr, ts, min_wait, sigmask);
	case INDEX:
		return index_submit_min(ring, cqe_ptr, wait_nr, ts, min_wait, sigmask);
	default:
		return pass_submit_min(ring, cqe_ptr, wait_nr, ts, min_wait, sigmask);
	}
}
