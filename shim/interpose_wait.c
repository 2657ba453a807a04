/* SPDX-License-Identifier: MIT */
/*
 * liburing's timed waits, as programs call them. Each is the hot path of wait.h
 * with its own kind filled in.
 */
#include "interpose.h"
#include "wait.h"

wait_inline int timed_wait(const struct wait w, const void *caller)
{
	uint64_t tag = tag_read(w.ring);
	struct wait copy;

	if (can_register(&w, tag))
		return wait_registered(&w, tag);
	/* A copy, so that w itself need not lie in memory on the way that counts. */
	copy = w;
	return wait_otherwise(&copy, wait_frame(), caller);
}

EXPORT int io_uring_wait_cqe_timeout(struct io_uring *ring, struct io_uring_cqe **cqe_ptr,
				     struct __kernel_timespec *ts)
{
	if (switched_off())
		return OFF_NEXT()->io_uring_wait_cqe_timeout(ring, cqe_ptr, ts);
	return timed_wait((struct wait) {
		.kind = WAIT_CQE_TIMEOUT,
		.ring = ring, .cqe_ptr = cqe_ptr, .wait_nr = 1, .ts = ts,
	}, __builtin_return_address(0));
}

EXPORT int io_uring_wait_cqes(struct io_uring *ring, struct io_uring_cqe **cqe_ptr,
			      unsigned wait_nr, struct __kernel_timespec *ts, sigset_t *sigmask)
{
	if (switched_off())
		return OFF_NEXT()->io_uring_wait_cqes(ring, cqe_ptr, wait_nr, ts, sigmask);
	return timed_wait((struct wait) {
		.kind = WAIT_CQES,
		.ring = ring, .cqe_ptr = cqe_ptr, .wait_nr = wait_nr, .ts = ts,
		.sigmask = sigmask,
	}, __builtin_return_address(0));
}

EXPORT int io_uring_submit_and_wait_timeout(struct io_uring *ring, struct io_uring_cqe **cqe_ptr,
					    unsigned wait_nr, struct __kernel_timespec *ts,
					    sigset_t *sigmask)
{
	if (switched_off())
		return OFF_NEXT()->io_uring_submit_and_wait_timeout(ring, cqe_ptr, wait_nr, ts,
								    sigmask);
	return timed_wait((struct wait) {
		.kind = SUBMIT_AND_WAIT_TIMEOUT,
		.ring = ring, .cqe_ptr = cqe_ptr, .wait_nr = wait_nr, .ts = ts,
		.sigmask = sigmask,
	}, __builtin_return_address(0));
}

EXPORT int io_uring_wait_cqes_min_timeout(struct io_uring *ring, struct io_uring_cqe **cqe_ptr,
					  unsigned wait_nr, struct __kernel_timespec *ts,
					  unsigned min_wait, sigset_t *sigmask)
{
	if (switched_off())
		return OFF_NEXT()->io_uring_wait_cqes_min_timeout(ring, cqe_ptr, wait_nr, ts,
								  min_wait, sigmask);
	return timed_wait((struct wait) {
		.kind = WAIT_CQES_MIN_TIMEOUT,
		.ring = ring, .cqe_ptr = cqe_ptr, .wait_nr = wait_nr, .ts = ts,
		.min_wait = min_wait, .sigmask = sigmask,
	}, __builtin_return_address(0));
}

EXPORT int io_uring_submit_and_wait_min_timeout(struct io_uring *ring,
						struct io_uring_cqe **cqe_ptr, unsigned wait_nr,
						struct __kernel_timespec *ts, unsigned min_wait,
						sigset_t *sigmask)
{
	if (switched_off())
		return OFF_NEXT()->io_uring_submit_and_wait_min_timeout(ring, cqe_ptr, wait_nr, ts,
									min_wait, sigmask);
	return timed_wait((struct wait) {
		.kind = SUBMIT_AND_WAIT_MIN_TIMEOUT,
		.ring = ring, .cqe_ptr = cqe_ptr, .wait_nr = wait_nr, .ts = ts,
		.min_wait = min_wait, .sigmask = sigmask,
	}, __builtin_return_address(0));
}
