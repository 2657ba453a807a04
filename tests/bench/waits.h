/* SPDX-License-Identifier: MIT */
/*
 * One wait, in each kind. Everything here is inlined with a constant kind, so that each kind's loop
 * is compiled as if it had been written for it alone. Getting SQEs and marking completions seen is
 * the program's own work and the same in all kinds; only the wait differs.
 */
#ifndef REGWAIT_BENCH_WAITS_H
#define REGWAIT_BENCH_WAITS_H

#include <errno.h>

#include "bare.h"

#define always_inline inline __attribute__((always_inline))

#ifndef HAVE_WAIT_REG
/* The worker refuses the kind at its start when liburing lacks the function (2.8 and older). */
static inline int io_uring_submit_and_wait_reg(struct io_uring *ring, struct io_uring_cqe **cqe,
					       unsigned int nr, int slot)
{
	(void)ring, (void)cqe, (void)nr, (void)slot;
	return -ENOSYS;
}
#endif

/* Returns as liburing's wait functions do; *cqe is the first completion or NULL. */
static always_inline int bare_wait(struct lane *lane, struct io_uring *ring,
				   struct io_uring_cqe **cqe, unsigned int nr)
{
	unsigned int tail = ring->sq.sqe_tail;
	unsigned int submit = tail - ring->sq.sqe_head;
	unsigned int head;
	int ret;

	ring->sq.sqe_head = tail;
	*ring->sq.ktail = tail;
	ret = bare_enter(ring->enter_ring_fd, submit, nr, lane->enter_flags,
			 lane->slot * SLOT_SIZE);
	head = *ring->cq.khead;
	*cqe = NULL;
	if (io_uring_smp_load_acquire(ring->cq.ktail) != head)
		*cqe = &ring->cq.cqes[head & *ring->cq.kring_mask];
	return ret;
}

static always_inline int submit_and_wait(struct lane *lane, struct io_uring *ring,
					 struct io_uring_cqe **cqe, unsigned int nr, enum kind kind)
{
	switch (kind) {
	case KIND_TIMED:
		return io_uring_submit_and_wait_timeout(ring, cqe, nr, &lane->ts, NULL);
	case KIND_REG:
		return io_uring_submit_and_wait_reg(ring, cqe, nr, lane->slot);
	case KIND_UNTIMED:
		return io_uring_submit_and_wait_timeout(ring, cqe, nr, NULL, NULL);
	default:
		return bare_wait(lane, ring, cqe, nr);
	}
}

static always_inline int wait_only(struct lane *lane, struct io_uring *ring,
				   struct io_uring_cqe **cqe, unsigned int nr, enum kind kind)
{
	switch (kind) {
	case KIND_TIMED:
		return io_uring_wait_cqes(ring, cqe, nr, &lane->ts, NULL);
	case KIND_UNTIMED:
		return io_uring_wait_cqes(ring, cqe, nr, NULL, NULL);
	default:
		return submit_and_wait(lane, ring, cqe, nr, kind);
	}
}

/* Runs body(lane, ops, kind) with the kind as a constant. */
#define RUN_KIND(body, lane, ops) \
	((lane)->config->kind == KIND_TIMED   ? body(lane, ops, KIND_TIMED) : \
	 (lane)->config->kind == KIND_REG     ? body(lane, ops, KIND_REG) : \
	 (lane)->config->kind == KIND_UNTIMED ? body(lane, ops, KIND_UNTIMED) : \
						body(lane, ops, KIND_BARE))

#endif
