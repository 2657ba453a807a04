/* SPDX-License-Identifier: MIT */
/*
 * liburing's timed waits, as programs call them. Each is the hot path of wait.h
 * with its own kind filled in.
 *
 * A door is three functions. The exported one jumps, and needs no registers of its own: to
 * the hot path, or, with REGWAIT=off, straight to the real function. The latter costs five
 * instructions. The hot path jumps on with whatever it does not serve. Through a jump the return
 * address is still the program's, and the frame the same.
 */
#include "aside.h"
#include "interpose.h"
#include "off.h"
#include "wait.h"

#define ASIDE static __attribute__((noinline))

wait_inline int other_wait(const struct wait w, const void *caller)
{
	struct wait copy;

	if (mode_is_on()) {
		uint64_t tag = tag_read(w.ring);

		if (can_register_as(TAG_ASIDE, &w, tag))
			return wait_aside(&w, tag, wait_frame());
	}
	/* A copy, so that w itself need not lie in memory on the way that counts. */
	copy = w;
	return wait_otherwise(&copy, wait_frame(), caller);
}

#define DOOR(name, what, parameters, arguments, ...) \
	ASIDE int aside_##name parameters \
	{ \
		const struct wait w = { \
			.kind = what, .ring = ring, .cqe_ptr = cqe_ptr, .ts = ts, __VA_ARGS__ \
		}; \
		return other_wait(w, __builtin_return_address(0)); \
	} \
	ASIDE int on_##name parameters \
	{ \
		const struct wait w = { \
			.kind = what, .ring = ring, .cqe_ptr = cqe_ptr, .ts = ts, __VA_ARGS__ \
		}; \
		uint64_t tag; \
		\
		if (mode_is_on()) { \
			tag = tag_read(ring); \
			if (can_register(&w, tag)) \
				return wait_registered(&w, tag, wait_frame()); \
		} \
		return aside_##name arguments; \
	} \
	EXPORT int name parameters \
	{ \
		if (unlikely(off_knows(__builtin_return_address(0)))) \
			return off_next.name arguments; \
		return on_##name arguments; \
	}

DOOR(io_uring_wait_cqe_timeout, WAIT_CQE_TIMEOUT,
     (struct io_uring *ring, struct io_uring_cqe **cqe_ptr, struct __kernel_timespec *ts),
     (ring, cqe_ptr, ts),
     .wait_nr = 1)

DOOR(io_uring_wait_cqes, WAIT_CQES,
     (struct io_uring *ring, struct io_uring_cqe **cqe_ptr, unsigned wait_nr,
      struct __kernel_timespec *ts, sigset_t *sigmask),
     (ring, cqe_ptr, wait_nr, ts, sigmask),
     .wait_nr = wait_nr, .sigmask = sigmask)

DOOR(io_uring_submit_and_wait_timeout, SUBMIT_AND_WAIT_TIMEOUT,
     (struct io_uring *ring, struct io_uring_cqe **cqe_ptr, unsigned wait_nr,
      struct __kernel_timespec *ts, sigset_t *sigmask),
     (ring, cqe_ptr, wait_nr, ts, sigmask),
     .wait_nr = wait_nr, .sigmask = sigmask)

DOOR(io_uring_wait_cqes_min_timeout, WAIT_CQES_MIN_TIMEOUT,
     (struct io_uring *ring, struct io_uring_cqe **cqe_ptr, unsigned wait_nr,
      struct __kernel_timespec *ts, unsigned min_wait, sigset_t *sigmask),
     (ring, cqe_ptr, wait_nr, ts, min_wait, sigmask),
     .wait_nr = wait_nr, .min_wait = min_wait, .sigmask = sigmask)

DOOR(io_uring_submit_and_wait_min_timeout, SUBMIT_AND_WAIT_MIN_TIMEOUT,
     (struct io_uring *ring, struct io_uring_cqe **cqe_ptr, unsigned wait_nr,
      struct __kernel_timespec *ts, unsigned min_wait, sigset_t *sigmask),
     (ring, cqe_ptr, wait_nr, ts, min_wait, sigmask),
     .wait_nr = wait_nr, .min_wait = min_wait, .sigmask = sigmask)
