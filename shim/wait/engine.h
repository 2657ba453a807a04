/* SPDX-License-Identifier: MIT */
/*
 * The life of a timed wait: the hot path. It replaces liburing's own engine
 * rather than run in front of it, and follows its rules (2.3 to 2.15) for what
 * is returned; wait.c holds what is not hot.
 *
 * Everything here is inlined into the five interposed functions, each of which
 * knows its kind at compile time.
 */
#ifndef REGWAIT_WAIT_H
#define REGWAIT_WAIT_H

#include "base/config.h"
#include "process/readable.h"
#include "process/return.h"
#include "process/slot.h"
#include "ring/tag.h"

enum wait_kind {
	WAIT_CQE_TIMEOUT,
	WAIT_CQES,
	SUBMIT_AND_WAIT_TIMEOUT,
	WAIT_CQES_MIN_TIMEOUT,
	SUBMIT_AND_WAIT_MIN_TIMEOUT,
};

struct wait {
	enum wait_kind kind;
	struct io_uring *ring;
	struct io_uring_cqe **cqe_ptr;
	unsigned wait_nr;
	struct __kernel_timespec *ts;
	unsigned min_wait;	/* microseconds */
	sigset_t *sigmask;
};

/* Where the interposed function was called: the frame of its caller ends here. */
#define wait_frame() ((const void *)__builtin_dwarf_cfa())

/* Whatever cannot be registered right away: finds out why, and does it. */
int wait_otherwise(const struct wait *w, const void *frame, const void *caller)
	__attribute__((noinline, cold));

/*
 * The kernel says that the ring behind the descriptor has no wait area, or takes none: the
 * program has put another ring's descriptor in this one's place. Nothing was submitted; the
 * plain way tells it what that comes to.
 */
int wait_refused(enum wait_kind kind, struct io_uring *ring, struct io_uring_cqe **cqe_ptr,
		 unsigned wait_nr, int ret) __attribute__((noinline, cold));

#define likely(x)	__builtin_expect(!!(x), 1)
#define unlikely(x)	__builtin_expect(!!(x), 0)
#define wait_inline	static inline __attribute__((always_inline))

wait_inline unsigned features_needed(enum wait_kind kind)
{
	return kind == WAIT_CQES_MIN_TIMEOUT || kind == SUBMIT_AND_WAIT_MIN_TIMEOUT ?
		IORING_FEAT_EXT_ARG | IORING_FEAT_MIN_TIMEOUT : IORING_FEAT_EXT_ARG;
}

wait_inline bool submits(enum wait_kind kind)
{
	return kind == SUBMIT_AND_WAIT_TIMEOUT || kind == SUBMIT_AND_WAIT_MIN_TIMEOUT;
}

/*
 * Makes the program's new SQEs visible to the kernel. Returns how many it has
 * not consumed yet, leftovers of an earlier short submit included.
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
		/* An SQPOLL thread may read the SQEs as soon as it sees the tail. */
		__atomic_store_n(sq->ktail, tail, __ATOMIC_RELEASE);
	}
	return tail - __atomic_load_n(sq->khead, __ATOMIC_RELAXED);
}

/* The first completion, NULL if there is none, and how many CQ entries are taken. */
wait_inline struct io_uring_cqe *peek_cq(struct io_uring *ring, uint64_t tag, unsigned *available)
{
	unsigned shift = !!(ring->flags & IORING_SETUP_CQE32);

	for (;;) {
		unsigned tail = __atomic_load_n(ring->cq.ktail, __ATOMIC_ACQUIRE);
		unsigned head = *ring->cq.khead;	/* only the program writes it */
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

/* May the kernel hold completions that only an enter brings? */
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
	/* The tail must be out before we read whether the SQPOLL thread sleeps. */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (!(__atomic_load_n(ring->sq.kflags, __ATOMIC_RELAXED) & IORING_SQ_NEED_WAKEUP))
		return false;
	*flags |= IORING_ENTER_SQ_WAKEUP;
	return true;
}

wait_inline unsigned enter_flags(const struct io_uring *ring, uint64_t tag)
{
	if (unlikely(tag & TAG_QUIRK(QUIRK_OLD_INT_FLAGS)))
		return ring->int_flags & INT_FLAG_REG_RING_OLD ? IORING_ENTER_REGISTERED_RING : 0;
	return ring->int_flags & INT_FLAGS_TO_ENTER;
}

/* What is special about the waits of a ring that stands aside (aside.h); NULL: nothing. */
struct way {
	int fd;			/* the ring structure's, or an index of ours */
	unsigned flags;		/* IORING_ENTER_REGISTERED_RING for an index of ours */
	bool refills;		/* after the call (return.h) */
};

/*
 * An index of ours that the kernel does not know is not this task's: we are in a vfork child,
 * which has its parent's memory. The descriptor is as good there as it was without us.
 */
wait_inline int enter(const struct wait *w, const struct way *way, unsigned submit,
		      unsigned wait_nr, unsigned flags, uintptr_t arg, size_t size)
{
	int ret;

	if (!way)
		return kernel_enter(w->ring->enter_ring_fd, submit, wait_nr, flags, arg, size);
	ret = kernel_enter(way->fd, submit, wait_nr, flags | way->flags, arg, size);
	if (unlikely(ret == -EINVAL || ret == -EBADF) && way->flags)
		ret = kernel_enter(w->ring->enter_ring_fd, submit, wait_nr, flags, arg, size);
	if (way->refills)
		return_refill();
	return ret;
}

/*
 * The wait itself. The slot belongs to this thread, so plain stores do; the
 * kernel reads it during the call, after it has submitted. Should a signal
 * handler wait in between, busy tells it to leave the slot alone.
 */
wait_inline int enter_registered(const struct wait *w, unsigned submit, unsigned flags,
				 const struct way *way, struct __kernel_timespec ts,
				 const void *frame)
{
	struct reg_wait *slot = me.slot;
	int ret;

	me.busy = frame;
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	slot->ts = ts;
	slot->min_wait_usec = w->min_wait;
	slot->sigmask = (uintptr_t)w->sigmask;
	count_one(me.counts->registered);
	ret = enter(w, way, submit, w->wait_nr, flags | IORING_ENTER_GETEVENTS |
		    IORING_ENTER_EXT_ARG | IORING_ENTER_EXT_ARG_REG, me.offset, sizeof(*slot));
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	me.busy = NULL;
	return ret;
}

/*
 * A timeout of zero asks "is something there?". The kernel would arm a timer
 * only to let it expire, which takes a hundred times as long as looking. An
 * enter that waits for nothing runs task work and flushes overflown
 * completions all the same. Not with SQPOLL: there the expiring timer also lets
 * the polling thread run, for which such a program is waiting. Nor with DEFER_TASKRUN:
 * there the kernel goes on running work, which may queue more of it (links), until as many
 * completions are there as are asked for, and to none it runs one batch. Nor where a wait polls
 * devices (ring/napi.h), which it does only with a timer.
 */
wait_inline bool may_poll(const struct wait *w, struct __kernel_timespec ts)
{
	return unlikely(!(ts.tv_sec | ts.tv_nsec)) && !w->sigmask && !w->min_wait &&
	       config.poll && !(tag_read(w->ring) & TAG_NAPI) &&
	       !(w->ring->flags & (IORING_SETUP_SQPOLL | IORING_SETUP_DEFER_TASKRUN));
}

/* What liburing says after an enter before which there was no completion. */
wait_inline int answer_after(const struct wait *w, uint64_t tag, unsigned submit, int ret)
{
	struct io_uring *ring = w->ring;
	unsigned available, flags = 0;

	*w->cqe_ptr = peek_cq(ring, tag, &available);
	if (*w->cqe_ptr || ret)
		return ret;
	if (!w->wait_nr && !submit)
		return -EAGAIN;
	return w->wait_nr || sq_needs_enter(ring, submit, &flags) ? -ETIME : 0;
}

/* How the kernel gets the wait's arguments: NULL, from the slot; or as this says. */
struct plain_argument {
	unsigned flags;		/* IORING_ENTER_EXT_ARG, and IORING_ENTER_EXT_ARG_REG or not */
	uintptr_t arg;
	size_t size;
};

/* A wait that ends by itself, by liburing's rules. At most one enter. */
wait_inline int wait_once(const struct wait *w, uint64_t tag, const struct plain_argument *plain,
			  const struct way *way, struct regwait_wait_counts *counts,
			  const void *frame)
{
	struct io_uring *ring = w->ring;
	struct __kernel_timespec ts = plain ? (struct __kernel_timespec) { .tv_sec = 1 } : *w->ts;
	unsigned submit = submits(w->kind) ? flush_sq(ring, tag) : 0;
	unsigned available;
	struct io_uring_cqe *cqe = peek_cq(ring, tag, &available);
	unsigned flags = enter_flags(ring, tag);
	bool enters = sq_needs_enter(ring, submit, &flags);
	bool waits = w->wait_nr > available;
	int ret;

	if (!waits && !cqe && !submit) {
		waits = cq_needs_enter(ring, tag);
		if (!waits) {
			count_one(counts->answered);
			*w->cqe_ptr = NULL;
			return -EAGAIN;
		}
	}
	if (!waits) {
		count_one(counts->answered);
		if (!enters) {
			*w->cqe_ptr = cqe;
			return 0;
		}
		ret = enter(w, way, submit, w->wait_nr, flags, 0, 0);
	} else if (plain) {
		ret = enter(w, way, submit, w->wait_nr,
			    flags | IORING_ENTER_GETEVENTS | plain->flags, plain->arg, plain->size);
	} else if (may_poll(w, ts)) {
		count_one(counts->polled);
		ret = enter(w, way, submit, 0, flags | IORING_ENTER_GETEVENTS, 0, 0);
	} else {
		ret = enter_registered(w, submit, flags, way, ts, frame);
		if (unlikely(ret < 0) && (ret == -EINVAL || ret == -EFAULT) && !submit) {
			*w->cqe_ptr = cqe;	/* of before: the call may have brought one */
			return wait_refused(w->kind, ring, w->cqe_ptr, w->wait_nr, ret);
		}
	}
	if (ret < 0 || cqe) {
		*w->cqe_ptr = cqe;
		return ret < 0 ? ret : 0;
	}
	return answer_after(w, tag, submit - ret, ret);
}

/* A timed wait on an armed ring by a thread with a slot. */
wait_inline int wait_registered(const struct wait *w, uint64_t tag, const void *frame)
{
	return wait_once(w, tag, NULL, NULL, me.counts, frame);
}

wait_inline bool mode_is_on(void)
{
	const unsigned char *mode = __atomic_load_n(&live_mode, __ATOMIC_RELAXED);

	return likely(__atomic_load_n(mode, __ATOMIC_RELAXED) == MODE_ON);
}

/*
 * What waits on this ring come to, in one comparison. Below the nonce a tag holds its ring's
 * reason, so that a plain ring fails the same test as one that is not ours, as one that a
 * parent made, and as a thread without a slot.
 */
wait_inline uint64_t tag_state(const struct io_uring *ring)
{
	return (tag_read(ring) ^ *me.nonce) & (TAG_NONCE_MASK | TAG_REASON_MASK);
}

/*
 * Everything else that must hold for a registered wait. A timeout in a page that is new to us
 * is looked at first.
 */
wait_inline bool can_register(const struct wait *w)
{
	return likely((uintptr_t)w->ts >> TS_PAGE_SHIFT == me.ts_page) &&
	       likely(!me.busy) &&
	       likely(!(~w->ring->features & features_needed(w->kind)));
}

#endif
