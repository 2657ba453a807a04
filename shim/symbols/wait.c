/* SPDX-License-Identifier: MIT */
/*
 * liburing's timed waits, as programs call them. Each is the engine of wait/engine.h for one kind
 * of wait, in six functions:
 *
 *	the exported one	chooses a path, needs no registers for it, and jumps to one of:
 *	hot_...			a registered wait
 *	index_...		a registered wait by a registered index of ours
 *	pass_...		no timeout, or a ring that stays plain: jumps on to the real
 *				function
 *	rest_...		all other waits that are known to be plain: the same
 *	other_...		all that has to be found out
 *
 * After a jump the return address is still the program's, and the frame is the same.
 */
#include "symbols/path.h"
#include "symbols/symbols.h"

/* io_uring_wait_cqes() */

SEPARATE int other_wait_cqes(struct io_uring *ring, struct io_uring_cqe **cqe_ptr, unsigned wait_nr,
			     struct __kernel_timespec *ts, sigset_t *sigmask)
{
	return other_wait(wait_of(WAIT_CQES, ring, cqe_ptr, wait_nr, ts, 0, sigmask),
			  origin_here());
}

SEPARATE int rest_wait_cqes(struct io_uring *ring, struct io_uring_cqe **cqe_ptr, unsigned wait_nr,
			    struct __kernel_timespec *ts, sigset_t *sigmask)
{
	const struct next *next = wait_passes(WAIT_CQES, ring, ts, origin_here());

	if (likely(next))
		return next->io_uring_wait_cqes(ring, cqe_ptr, wait_nr, ts, sigmask);
	return other_wait_cqes(ring, cqe_ptr, wait_nr, ts, sigmask);
}

SEPARATE int pass_wait_cqes(struct io_uring *ring, struct io_uring_cqe **cqe_ptr, unsigned wait_nr,
			    struct __kernel_timespec *ts, sigset_t *sigmask)
{
	const struct next *next = wait_passes_at_once(WAIT_CQES, ring, ts, arch_caller());

	if (likely(next))
		return next->io_uring_wait_cqes(ring, cqe_ptr, wait_nr, ts, sigmask);
	return rest_wait_cqes(ring, cqe_ptr, wait_nr, ts, sigmask);
}

SEPARATE int index_wait_cqes(struct io_uring *ring, struct io_uring_cqe **cqe_ptr, unsigned wait_nr,
			     struct __kernel_timespec *ts, sigset_t *sigmask)
{
	const struct wait w = wait_of(WAIT_CQES, ring, cqe_ptr, wait_nr, ts, 0, sigmask);

	if (can_register(&w)) {
		int index = index_held(ring);

		if (likely(index >= 0))
			return wait_by_index(&w, index, tag_read(ring), origin_here());
	}
	return rest_wait_cqes(ring, cqe_ptr, wait_nr, ts, sigmask);
}

SEPARATE int hot_wait_cqes(struct io_uring *ring, struct io_uring_cqe **cqe_ptr, unsigned wait_nr,
			   struct __kernel_timespec *ts, sigset_t *sigmask)
{
	const struct wait w = wait_of(WAIT_CQES, ring, cqe_ptr, wait_nr, ts, 0, sigmask);

	if (can_register(&w))
		return wait_registered(&w, tag_read(ring), origin_here());
	return rest_wait_cqes(ring, cqe_ptr, wait_nr, ts, sigmask);
}

wait_inline int wait_cqes(struct io_uring *ring, struct io_uring_cqe **cqe_ptr, unsigned wait_nr,
			  struct __kernel_timespec *ts, sigset_t *sigmask)
{
	switch (path_of(WAIT_CQES, ring, ts)) {
	case OFF:
		if (likely(next_is_first(arch_caller())))
			return next_callers[0].next->io_uring_wait_cqes(ring, cqe_ptr, wait_nr, ts,
									sigmask);
		return rest_wait_cqes(ring, cqe_ptr, wait_nr, ts, sigmask);
	case HOT:
		return hot_wait_cqes(ring, cqe_ptr, wait_nr, ts, sigmask);
	case INDEX:
		return index_wait_cqes(ring, cqe_ptr, wait_nr, ts, sigmask);
	default:
		return pass_wait_cqes(ring, cqe_ptr, wait_nr, ts, sigmask);
	}
}

VERSIONED(on_wait_cqes, io_uring_wait_cqes, "2.0", "2.4");
int on_wait_cqes(struct io_uring *ring, struct io_uring_cqe **cqe_ptr, unsigned wait_nr,
		 struct __kernel_timespec *ts, sigset_t *sigmask)
{
	return wait_cqes(ring, cqe_ptr, wait_nr, ts, sigmask);
}

/* io_uring_wait_cqe_timeout(): the same for one completion, except where a preload wraps it */

SEPARATE int interposed_wait_cqe_timeout(struct io_uring *ring, struct io_uring_cqe **cqe_ptr,
					 struct __kernel_timespec *ts)
{
	const struct next *next = next_for(__builtin_return_address(0));

	if (!next->interposed)
		return wait_cqes(ring, cqe_ptr, 1, ts, NULL);
	if (config.mode != MODE_OFF)
		count_plain(process_get(), ts ? REASON_INTERPOSED : REASON_NO_TIMEOUT);
	return next->io_uring_wait_cqe_timeout(ring, cqe_ptr, ts);
}

VERSIONED(on_wait_cqe_timeout, io_uring_wait_cqe_timeout, "2.0", "2.4");
int on_wait_cqe_timeout(struct io_uring *ring, struct io_uring_cqe **cqe_ptr,
			struct __kernel_timespec *ts)
{
	if (unlikely(next_interposed))
		return interposed_wait_cqe_timeout(ring, cqe_ptr, ts);
	return wait_cqes(ring, cqe_ptr, 1, ts, NULL);
}

/* io_uring_submit_and_wait_timeout() */

SEPARATE int other_submit_and_wait(struct io_uring *ring, struct io_uring_cqe **cqe_ptr,
				   unsigned wait_nr, struct __kernel_timespec *ts,
				   sigset_t *sigmask)
{
	return other_wait(wait_of(SUBMIT_AND_WAIT_TIMEOUT, ring, cqe_ptr, wait_nr, ts, 0, sigmask),
			  origin_here());
}

SEPARATE int rest_submit_and_wait(struct io_uring *ring, struct io_uring_cqe **cqe_ptr,
				  unsigned wait_nr, struct __kernel_timespec *ts, sigset_t *sigmask)
{
	const struct next *next = wait_passes(SUBMIT_AND_WAIT_TIMEOUT, ring, ts, origin_here());

	if (likely(next))
		return next->io_uring_submit_and_wait_timeout(ring, cqe_ptr, wait_nr, ts, sigmask);
	return other_submit_and_wait(ring, cqe_ptr, wait_nr, ts, sigmask);
}

SEPARATE int pass_submit_and_wait(struct io_uring *ring, struct io_uring_cqe **cqe_ptr,
				  unsigned wait_nr, struct __kernel_timespec *ts, sigset_t *sigmask)
{
	const struct next *next =
		wait_passes_at_once(SUBMIT_AND_WAIT_TIMEOUT, ring, ts, arch_caller());

	if (likely(next))
		return next->io_uring_submit_and_wait_timeout(ring, cqe_ptr, wait_nr, ts, sigmask);
	return rest_submit_and_wait(ring, cqe_ptr, wait_nr, ts, sigmask);
}

SEPARATE int index_submit_and_wait(struct io_uring *ring, struct io_uring_cqe **cqe_ptr,
				   unsigned wait_nr, struct __kernel_timespec *ts,
				   sigset_t *sigmask)
{
	const struct wait w =
		wait_of(SUBMIT_AND_WAIT_TIMEOUT, ring, cqe_ptr, wait_nr, ts, 0, sigmask);

	if (can_register(&w)) {
		int index = index_held(ring);

		if (likely(index >= 0))
			return wait_by_index(&w, index, tag_read(ring), origin_here());
	}
	return rest_submit_and_wait(ring, cqe_ptr, wait_nr, ts, sigmask);
}

SEPARATE int hot_submit_and_wait(struct io_uring *ring, struct io_uring_cqe **cqe_ptr,
				 unsigned wait_nr, struct __kernel_timespec *ts, sigset_t *sigmask)
{
	const struct wait w =
		wait_of(SUBMIT_AND_WAIT_TIMEOUT, ring, cqe_ptr, wait_nr, ts, 0, sigmask);

	if (can_register(&w))
		return wait_registered(&w, tag_read(ring), origin_here());
	return rest_submit_and_wait(ring, cqe_ptr, wait_nr, ts, sigmask);
}

VERSIONED(on_submit_and_wait_timeout, io_uring_submit_and_wait_timeout, "2.2", "2.4");
int on_submit_and_wait_timeout(struct io_uring *ring, struct io_uring_cqe **cqe_ptr,
			       unsigned wait_nr, struct __kernel_timespec *ts, sigset_t *sigmask)
{
	switch (path_of(SUBMIT_AND_WAIT_TIMEOUT, ring, ts)) {
	case OFF:
		if (likely(next_is_first(arch_caller())))
			return next_callers[0].next->io_uring_submit_and_wait_timeout(
				ring, cqe_ptr, wait_nr, ts, sigmask);
		return rest_submit_and_wait(ring, cqe_ptr, wait_nr, ts, sigmask);
	case HOT:
		return hot_submit_and_wait(ring, cqe_ptr, wait_nr, ts, sigmask);
	case INDEX:
		return index_submit_and_wait(ring, cqe_ptr, wait_nr, ts, sigmask);
	default:
		return pass_submit_and_wait(ring, cqe_ptr, wait_nr, ts, sigmask);
	}
}
