/* SPDX-License-Identifier: MIT */
/*
 * What liburing's waits read and write in a ring's memory, and how they enter the kernel: the rules
 * of 2.3 to 2.15, of which an engine is made (wait/engine.h, wait/stand_in.c).
 */
#ifndef REGWAIT_RULES_H
#define REGWAIT_RULES_H

#include "ring/tag.h"

#define likely(x)   __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
#define wait_inline static inline __attribute__((always_inline))

/*
 * Makes the program's new SQEs visible to the kernel. Returns how many the kernel has not consumed
 * yet, including those that an earlier submit left.
 */
wait_inline unsigned flush_sq(struct io_uring *ring, uint64_t tag)
{
	struct io_uring_sq *sq = &ring->sq;
	unsigned tail = sq->sqe_tail;

	if (unlikely(ring->flags & IORING_SETUP_SQ_REWIND) && tag & TAG_QUIRK(QUIRK_REWINDS)) {
		sq->sqe_tail = 0;
		return tail;
	}
	if (sq->sqe_head != tail) {
		sq->sqe_head = tail;
		/* Release: an SQPOLL thread may read the SQEs as soon as it sees the new tail. */
		__atomic_store_n(sq->ktail, tail, __ATOMIC_RELEASE);
	}
	return tail - __atomic_load_n(sq->khead, __ATOMIC_RELAXED);
}

/* What flush_sq() would return, without making new SQEs visible. */
wait_inline unsigned unsubmitted(const struct io_uring *ring, uint64_t tag)
{
	if (ring->flags & IORING_SETUP_SQ_REWIND && tag & TAG_QUIRK(QUIRK_REWINDS))
		return ring->sq.sqe_tail;
	return ring->sq.sqe_tail - __atomic_load_n(ring->sq.khead, __ATOMIC_RELAXED);
}

/* Returns the first completion, NULL if there is none. Sets *available to the CQ entries in use. */
wait_inline struct io_uring_cqe *peek_cq(struct io_uring *ring, uint64_t tag, unsigned *available)
{
	unsigned shift = !!(ring->flags & IORING_SETUP_CQE32);

	for (;;) {
		unsigned tail = __atomic_load_n(ring->cq.ktail, __ATOMIC_ACQUIRE);
		unsigned head = *ring->cq.khead; /* only the program writes it */
		struct io_uring_cqe *cqe;

		*available = tail - head;
		if (tail == head)
			return NULL;
		cqe = &ring->cq.cqes[(head & ring->cq.ring_mask) << shift];
		if (likely(!(cqe->flags & IORING_CQE_F_SKIP)) || !(tag & TAG_QUIRK(QUIRK_SKIPS)))
			return cqe;
		head += cqe->flags & IORING_CQE_F_32 ? 2 : 1;
		__atomic_store_n(ring->cq.khead, head, __ATOMIC_RELEASE);
	}
}

/* May the kernel hold completions that it delivers only in an enter? */
wait_inline bool cq_needs_enter(const struct io_uring *ring, uint64_t tag)
{
	if (tag & TAG_QUIRK(QUIRK_IOPOLL_ENTERS) ? ring->flags & IORING_SETUP_IOPOLL :
						   ring->int_flags & INT_FLAG_CQ_ENTER)
		return true;
	return __atomic_load_n(ring->sq.kflags, __ATOMIC_RELAXED) &
	       (IORING_SQ_CQ_OVERFLOW | IORING_SQ_TASKRUN);
}

wait_inline bool sq_needs_enter(const struct io_uring *ring, unsigned submit, unsigned *flags)
{
	if (!submit)
		return false;
	if (!(ring->flags & IORING_SETUP_SQPOLL))
		return true;
	/* The new tail must be visible before we read whether the SQPOLL thread sleeps. */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (!(__atomic_load_n(ring->sq.kflags, __ATOMIC_RELAXED) & IORING_SQ_NEED_WAKEUP))
		return false;
	*flags |= IORING_ENTER_SQ_WAKEUP;
	return true;
}

wait_inline unsigned enter_flags(const struct io_uring *ring, uint64_t tag)
{
	if (unlikely(tag & TAG_QUIRK(QUIRK_OLD_INT_FLAGS))) {
		/* Without this the compiler computes both results at every wait. */
		__asm__ volatile("");
		return ring->int_flags << INT_FLAGS_OLD_SHIFT & INT_FLAGS_TO_ENTER;
	}
	return ring->int_flags & INT_FLAGS_TO_ENTER;
}

/*
 * Do we know what a wait returns on a ring that is armed, or plain for this reason? Only if we know
 * its liburing and its kind, and made it ourselves.
 */
static inline bool rules_are_known(enum regwait_reason why)
{
	switch (why) {
	case REASON_NONE:
	case REASON_KERNEL:
	case REASON_OWN_REGION:
	case REASON_REGION_REFUSED:
	case REASON_ENABLE_REFUSED:
	case REASON_TOO_MANY_RINGS:
	case REASON_LOCKED_MEMORY:
	case REASON_NO_MEMORY:
		return true;
	default:
		return false;
	}
}

/* How a ring is named in io_uring_enter(2). */
struct way {
	int fd;
	unsigned flags; /* IORING_ENTER_REGISTERED_RING if fd is an index of ours, else 0 */
};

/* By the number in the ring's structure. */
wait_inline struct way ordinary_way(const struct io_uring *ring)
{
	return (struct way){ .fd = ring->enter_ring_fd };
}

/*
 * If the kernel does not know an index of ours, we are not the task that it belongs to but a vfork
 * child, which shares its parent's memory. There the descriptor is as good as it was without us.
 */
wait_inline int enter(const struct io_uring *ring, const struct way *way, unsigned submit,
		      unsigned wait_nr, unsigned flags, uintptr_t arg, size_t size)
{
	int ret = kernel_enter(way->fd, submit, wait_nr, flags | way->flags, arg, size);

	if (way->flags && unlikely(ret < 0) && (ret == -EINVAL || ret == -EBADF))
		ret = kernel_enter(ring->enter_ring_fd, submit, wait_nr, flags, arg, size);
	return ret;
}

#endif
