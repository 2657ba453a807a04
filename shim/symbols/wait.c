/* SPDX-License-Identifier: MIT */
/*
 * liburing's timed waits, as programs call them. Each is the hot path of wait.h
 * with its own kind filled in.
 *
 * A door is four functions. The exported one needs no registers of its own, and jumps: with
 * REGWAIT=off straight to the real function, which costs five instructions; else to where waits
 * on this ring go, by its tag. Whatever those do not serve jumps on to the last. Through a jump
 * the return address is still the program's, and the frame the same.
 */
#include "wait/by_index.h"
#include "symbols/symbols.h"
#include "base/off.h"
#include "wait/engine.h"

#define ASIDE static __attribute__((noinline))

/* A copy, so that the wait need not lie in memory on the way that counts. */
wait_inline int other_wait(const struct wait w, const void *caller)
{
	const struct wait copy = w;

	return wait_otherwise(&copy, wait_frame(), caller);
}

#define DOOR(name, what, parameters, arguments, ...) \
	ASIDE int other_##name parameters \
	{ \
		return other_wait((struct wait) { \
			.kind = what, .ring = ring, .cqe_ptr = cqe_ptr, .ts = ts, __VA_ARGS__ \
		}, __builtin_return_address(0)); \
	} \
	ASIDE int aside_##name parameters \
	{ \
		const struct wait w = { \
			.kind = what, .ring = ring, .cqe_ptr = cqe_ptr, .ts = ts, __VA_ARGS__ \
		}; \
		if (can_register(&w)) \
			return wait_aside(&w, tag_read(ring), wait_frame()); \
		return other_##name arguments; \
	} \
	ASIDE int on_##name parameters \
	{ \
		const struct wait w = { \
			.kind = what, .ring = ring, .cqe_ptr = cqe_ptr, .ts = ts, __VA_ARGS__ \
		}; \
		if (can_register(&w)) \
			return wait_registered(&w, tag_read(ring), wait_frame()); \
		return other_##name arguments; \
	} \
	EXPORT int name parameters \
	{ \
		uint64_t state; \
		\
		if (unlikely(off_knows(__builtin_return_address(0)))) \
			return off_next.name arguments; \
		if (mode_is_on()) { \
			state = tag_state(ring); \
			if (likely(state == TAG_ARMED)) \
				return on_##name arguments; \
			if (likely(state == TAG_ASIDE)) \
				return aside_##name arguments; \
		} \
		return other_##name arguments; \
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
