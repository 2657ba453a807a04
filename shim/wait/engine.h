/* SPDX-License-Identifier: MIT */
/*
 * The life of a timed wait: the hot path. It does what liburing's own engine does, in place of it,
 * and follows its rules (2.3 to 2.15) for what is returned. What is not hot is in wait/choice.c.
 *
 * Everything here is inlined into functions that know their kind of wait at compile time.
 */
#ifndef REGWAIT_ENGINE_H
#define REGWAIT_ENGINE_H

#include "base/config.h"
#include "base/debug.h"
#include "process/readable.h"
#include "process/thread.h"
#include "wait/learn.h"
#include "wait/look.h"
#include "wait/rules.h"

enum wait_kind {
	WAIT_CQES, /* io_uring_wait_cqe_timeout() is one of these as well */
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
	unsigned min_wait; /* microseconds */
	sigset_t *sigmask;
};

wait_inline struct wait wait_of(enum wait_kind kind, struct io_uring *ring,
				struct io_uring_cqe **cqe_ptr, unsigned wait_nr,
				struct __kernel_timespec *ts, unsigned min_wait, sigset_t *sigmask)
{
	return (struct wait){ kind, ring, cqe_ptr, wait_nr, ts, min_wait, sigmask };
}

/*
 * The origin of a call: where the frame of the interposed function ends, and the address in the
 * calling code. Where the return address can be read by the frame, it is read only when it is
 * needed.
 */
struct origin {
	const void *frame;
	const void *caller;
};

/* For use in a function that the program called, or that such a function jumped to. */
#define origin_here() \
	((struct origin){ __builtin_dwarf_cfa(), \
			  ARCH_CALLER_IN_FRAME ? NULL : __builtin_return_address(0) })

static inline const void *origin_caller(struct origin origin)
{
	return ARCH_CALLER_IN_FRAME ? ((const void *const *)origin.frame)[-1] : origin.caller;
}

/*
 * The kernel says that the ring behind the descriptor has no wait area, or cannot use one: the
 * program has put another ring's descriptor into this structure. Nothing was submitted. The call is
 * made again, plain, and returns what it would have returned without us. This function is jumped
 * to, so its return address is the program's, and the hot path need not keep that.
 */
int wait_refused(enum wait_kind kind, struct io_uring *ring, struct io_uring_cqe **cqe_ptr,
		 unsigned wait_nr, int ret) __attribute__((noinline, cold, visibility("hidden")));

wait_inline bool is_min_kind(enum wait_kind kind)
{
	return kind == WAIT_CQES_MIN_TIMEOUT || kind == SUBMIT_AND_WAIT_MIN_TIMEOUT;
}

wait_inline unsigned features_needed(enum wait_kind kind)
{
	return is_min_kind(kind) ? IORING_FEAT_EXT_ARG | IORING_FEAT_MIN_TIMEOUT :
				   IORING_FEAT_EXT_ARG;
}

wait_inline bool submits(enum wait_kind kind)
{
	return kind == SUBMIT_AND_WAIT_TIMEOUT || kind == SUBMIT_AND_WAIT_MIN_TIMEOUT;
}

/*
 * How the kernel gets the wait's arguments: by the thread's slot, not at all (polls), or by the
 * last three fields.
 */
struct argument {
	bool by_slot;
	bool looks;	/* it may look before it sleeps */
	bool sleeps;	/* it is known not to (wait/learn.h) */
	bool polls;	/* may_poll() has said that it may */
	unsigned flags; /* IORING_ENTER_EXT_ARG, perhaps with IORING_ENTER_EXT_ARG_REG */
	uintptr_t arg;
	size_t size;
};

#define BY_SLOT		((struct argument){ .by_slot = true })
#define BY_SLOT_LOOKING ((struct argument){ .by_slot = true, .looks = true })
#define BY_SLOT_ASLEEP	((struct argument){ .by_slot = true, .sleeps = true })
#define BY_POLL		((struct argument){ .polls = true })

/*
 * The registered wait. The slot belongs to this thread, so plain stores are enough. The kernel
 * reads it during the call, after it has submitted. A signal handler that waits meanwhile finds
 * me.busy set, and leaves the slot alone.
 */
wait_inline int enter_registered(const struct wait *w, unsigned submit, unsigned flags,
				 const struct way *way, uint64_t sec, uint64_t nsec,
				 const void *frame)
{
	struct reg_wait *slot = me.slot;
	int ret;

	debug_assert(thread_owns_slot() && !me.busy);
	debug_assert(tag_is_armed_of(tag_read(w->ring), me.nonce));
	me.busy = frame;
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	slot->ts.tv_sec = sec;
	slot->ts.tv_nsec = nsec;
	slot->min_wait_usec = w->min_wait;
	slot->sigmask = (uintptr_t)w->sigmask;
	count_one(me.counts->registered);
	ret = enter(w->ring, way, submit, w->wait_nr,
		    flags | IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG |
			    IORING_ENTER_EXT_ARG_REG,
		    me.offset, sizeof(*slot));
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	me.busy = NULL;
	return ret;
}

/* What would sleep is not hot: no more than a call of it is in the engine. */
int enter_looking(const struct wait *w, unsigned submit, unsigned flags, struct way way,
		  const void *frame) __attribute__((noinline, visibility("hidden")));

wait_inline int look_then_enter(const struct wait w, unsigned submit, unsigned flags,
				struct way way, const void *frame)
{
	const struct wait copy = w;

	return enter_looking(&copy, submit, flags, way, frame);
}

/*
 * May this wait be replaced by an enter without a timeout? A timeout of zero asks whether there is
 * a completion. The kernel would arm a timer and let it expire, which takes a hundred times as long
 * as looking. An enter that waits for nothing runs task work and flushes overflown completions as
 * well.
 *
 * Not with SQPOLL: there the expiring timer also lets the polling thread run, and the program waits
 * for that. Not with IOPOLL, which ignores the timeout. Not if waits poll devices (ring/napi.h),
 * which the kernel does only with a timer. Not if the ring has lost completions: a wait that finds
 * none says so once (-EBADR), and an enter that waits for nothing does not.
 *
 * With DEFER_TASKRUN the kernel runs task work, which may queue more of it (links), until there are
 * as many completions as were asked for; if none were, it runs one batch. So it is done there only
 * if no work is queued, which the ring tells (IORING_SQ_TASKRUN, set before a call that queued work
 * returns), and if nothing is submitted that could queue some. Work that is queued later could as
 * well have been queued after the wait.
 */
wait_inline bool may_poll(const struct wait *w, uint64_t tag, unsigned submit, uint64_t sec,
			  uint64_t nsec)
{
	unsigned flags;

	if (likely(sec | nsec))
		return false;
	/* Without this the compiler evaluates everything below at every wait, in one expression. */
	__asm__ volatile("");
	flags = w->ring->flags;
	if (!config.poll || w->sigmask || w->min_wait || tag & TAG_NAPI ||
	    flags & (IORING_SETUP_SQPOLL | IORING_SETUP_IOPOLL) || *w->ring->cq.koverflow)
		return false;
	if (!(flags & IORING_SETUP_DEFER_TASKRUN))
		return true;
	return flags & IORING_SETUP_TASKRUN_FLAG && !submit &&
	       !(__atomic_load_n(w->ring->sq.kflags, __ATOMIC_ACQUIRE) & IORING_SQ_TASKRUN);
}

/* What liburing returns after an enter, if there was no completion before it. */
wait_inline int answer_after(const struct wait *w, uint64_t tag, unsigned submit, int ret)
{
	struct io_uring *ring = w->ring;
	unsigned available, flags = 0;
	struct io_uring_cqe *cqe = peek_cq(ring, tag, &available);

	/*
	 * Two stores: with one, the compiler would keep a NULL in a register through the whole
	 * wait.
	 */
	if (likely(cqe)) {
		*w->cqe_ptr = cqe;
		return ret;
	}
	*w->cqe_ptr = NULL;
	if (ret)
		return ret;
	if (!w->wait_nr && !submit)
		return -EAGAIN;
	return w->wait_nr || sq_needs_enter(ring, submit, &flags) ? -ETIME : 0;
}

/* One wait by liburing's rules, with at most one enter. */
wait_inline int wait_once(const struct wait *w, uint64_t tag, struct way way,
			  struct argument argument, struct origin origin)
{
	struct io_uring *ring = w->ring;
	/*
	 * Read before the SQEs are submitted, and as two words, so that no vector registers are
	 * used.
	 */
	uint64_t sec = argument.by_slot ? w->ts->tv_sec : 0;
	uint64_t nsec = argument.by_slot ? w->ts->tv_nsec : 0;
	unsigned submit = submits(w->kind) ? flush_sq(ring, tag) : 0;
	unsigned available;
	struct io_uring_cqe *cqe = peek_cq(ring, tag, &available);
	unsigned flags = enter_flags(ring, tag);
	bool enters = sq_needs_enter(ring, submit, &flags);
	bool waits = w->wait_nr > available;
	int ret;

	if (unlikely(!waits) && !cqe && !submit) {
		waits = cq_needs_enter(ring, tag);
		if (!waits) {
			if (argument.by_slot || argument.polls)
				count_one(me.counts->answered);
			*w->cqe_ptr = NULL;
			return -EAGAIN;
		}
	}
	if (!waits) {
		if (argument.by_slot || argument.polls)
			count_one(me.counts->answered);
		if (!enters) {
			*w->cqe_ptr = cqe;
			return 0;
		}
		ret = enter(ring, &way, submit, w->wait_nr, flags, 0, 0);
	} else if (argument.polls || (argument.by_slot && may_poll(w, tag, submit, sec, nsec))) {
		count_one(me.counts->polled);
		ret = enter(ring, &way, submit, 0, flags | IORING_ENTER_GETEVENTS, 0, 0);
	} else if (!argument.by_slot) {
		ret = enter(ring, &way, submit, w->wait_nr,
			    flags | IORING_ENTER_GETEVENTS | argument.flags, argument.arg,
			    argument.size);
	} else {
		if (argument.sleeps)
			learn_slept();
		ret = argument.looks && !learn_sleeps(ring->cq.khead) ?
			      look_then_enter(*w, submit, flags, way, origin.frame) :
			      enter_registered(w, submit, flags, &way, sec, nsec, origin.frame);
		if (unlikely(ret < 0)) {
			*w->cqe_ptr = cqe; /* found before the call, which may have brought one */
			if ((ret == -EINVAL || ret == -EFAULT) && !submit)
				return wait_refused(w->kind, ring, w->cqe_ptr, w->wait_nr, ret);
			return ret;
		}
	}
	if (ret < 0 || cqe) {
		*w->cqe_ptr = cqe;
		return ret < 0 ? ret : 0;
	}
	return answer_after(w, tag, submit - ret, ret);
}

/* A timed wait on an armed ring, of a thread with a slot. */
wait_inline int wait_registered(const struct wait *w, uint64_t tag, struct origin origin)
{
	return wait_once(w, tag, ordinary_way(w->ring), BY_SLOT, origin);
}

/* The same for one that is not in a hurry, and may look. */
int wait_registered_slowly(const struct wait *w, uint64_t tag, struct way way, struct origin origin)
	__attribute__((noinline, visibility("hidden")));

wait_inline bool mode_is_on(void)
{
	const unsigned char *mode = __atomic_load_n(&live_mode, __ATOMIC_RELAXED);

	return likely(__atomic_load_n(mode, __ATOMIC_RELAXED) == MODE_ON);
}

/*
 * How waits of this thread on this ring go, by one comparison: the result is TAG_ARMED or
 * TAG_BY_INDEX if they may be registered. Below the nonce a tag holds its ring's reason, so the
 * comparison fails for a plain ring, for a ring that is not ours or that a parent made, and for a
 * thread without a slot. In a forked child me.nonce is still the parent's; thread_is_served() then
 * says no.
 */
wait_inline uint64_t tag_state(const struct io_uring *ring)
{
	return (tag_read(ring) ^ me.nonce) & (NONCE_MASK | TAG_REASON_MASK);
}

wait_inline bool thread_is_served(void)
{
	return likely(this_process.serving == me.nonce);
}

/*
 * All other conditions for a registered wait. A timeout in a memory page that is new to us fails
 * here, and is tried on another path.
 */
wait_inline bool can_register(const struct wait *w)
{
	return mode_is_on() && thread_is_served() &&
	       likely((uintptr_t)w->ts >> TS_PAGE_SHIFT == me.ts_page) && likely(!me.busy) &&
	       likely(!(~w->ring->features & features_needed(w->kind)));
}

#endif
