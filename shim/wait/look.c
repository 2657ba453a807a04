/* SPDX-License-Identifier: MIT */
/*
 * Looks for completions before a wait sleeps.
 */
#include "wait/look.h"

#include "base/log.h"
#include "process/threads.h"
#include "wait/gate.h"
#include "wait/looking.h"

/* Looks at the memory between two at the clock, which is a system call. */
#define LOOKS 12

/*
 * Only for the last that it waits for: if more are missing, a request that is a timeout ends the wait as
 * well, with as many as there are, and of what is in the CQ we cannot say whether it is one. What is
 * submitted may be there at once: that is seen when it has been.
 */
static bool one_may_be_missing(const struct look *l)
{
	const struct io_uring_cq *cq = &l->ring->cq;
	unsigned available = __atomic_load_n(cq->ktail, __ATOMIC_ACQUIRE) - *cq->khead;
	unsigned entries = *cq->kring_entries;

	return (l->wait_nr < entries ? l->wait_nr : entries) - available <= 1 + l->submit;
}

static bool ring_is_known(uint64_t tag)
{
	return !((tag ^ this_process.nonce) & NONCE_MASK) && rules_are_known(tag_reason(tag));
}

static bool kernel_polls(const struct io_uring *ring, uint64_t tag)
{
	return tag & TAG_NAPI ||
	       (ring->flags & (IORING_SETUP_IOPOLL | IORING_SETUP_SQPOLL)) == IORING_SETUP_IOPOLL;
}

/*
 * Of a ring that has lost completions, a wait that finds the CQ empty says so at once (-EBADR): by how
 * many were lost we cannot tell whether that was said already. Those that wait for room come into the CQ
 * after the work that the enter runs; if another enter follows, it runs what they have set off (timeouts
 * that count completions).
 */
static bool has_overflowed(const struct io_uring *ring)
{
	return *ring->cq.koverflow ||
	       __atomic_load_n(ring->sq.kflags, __ATOMIC_RELAXED) & IORING_SQ_CQ_OVERFLOW;
}

static enum look_reason reason_of(struct look *l, uint64_t tag)
{
	if (l->reason)
		return l->reason;
	if (!one_may_be_missing(l))
		return LOOK_SEVERAL;
	if (kernel_polls(l->ring, tag))
		return LOOK_POLLING;
	if (has_overflowed(l->ring))
		return LOOK_OVERFLOW;
	if (!looking_pays(l, l->ring->cq.khead))
		return LOOK_AUTO;
	return looking_thread_may(l) ? LOOK_REASON_NONE : LOOK_SIGNALS;
}

/* Waits on rings that are not known go the program's own way, and are counted under their rings' reason. */
bool look_may(struct look *l, uint64_t tag)
{
	return looking_is_on(l) && ring_is_known(tag) && looking_may_for(reason_of(l, tag));
}

#if LOOK_IS_BUILT

/*
 * Under valgrind one thread runs at a time, and another only when this one enters the kernel: who looks
 * keeps the one whom it looks for from running. It also puts handlers' frames where it likes, and
 * memcheck takes the marks for errors of the program's.
 */
void look_start(void)
{
	if (!arch_is_simulated())
		return;
	threads_simulated = true;
	log_info("waits do not look before they sleep: valgrind runs one thread at a time");
}

/* As in the kernel it counts where the tail is, whoever takes the completions. */
wait_inline bool reached(const struct io_uring *ring, unsigned target)
{
	return (int)(__atomic_load_n(ring->cq.ktail, __ATOMIC_ACQUIRE) - target) >= 0;
}

wait_inline bool several_are_missing(const struct io_uring *ring, unsigned target)
{
	return (int)(target - __atomic_load_n(ring->cq.ktail, __ATOMIC_ACQUIRE)) > 1;
}

wait_inline bool is_empty(const struct io_uring *ring)
{
	return __atomic_load_n(ring->cq.ktail, __ATOMIC_ACQUIRE) ==
	       __atomic_load_n(ring->cq.khead, __ATOMIC_RELAXED);
}

/*
 * All that an enter does but wait. False: it failed, and so will the one that waits, unless the kernel
 * says a thing but once. Then it is over if ret is not 0.
 */
wait_inline bool get_events(struct look *l)
{
	int ret = enter(l->ring, &l->way, 0, 0, l->flags | IORING_ENTER_GETEVENTS, 0, 0);

	return ret >= 0 || looking_fails(l, ret);
}

/* Where the ring does not say that work waits, it is asked for. */
wait_inline bool is_blind(const struct io_uring *ring)
{
	return (ring->flags & (IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_TASKRUN_FLAG)) ==
	       IORING_SETUP_DEFER_TASKRUN;
}

/* May an enter find something that is not in the CQ yet? */
wait_inline bool shows_work(const struct io_uring *ring, unsigned flags)
{
	return flags & (IORING_SQ_TASKRUN | IORING_SQ_CQ_OVERFLOW) || is_blind(ring);
}

/*
 * Also where an awake SQPOLL thread needs no enter: see run_work(). With DEFER_TASKRUN, an enter that
 * gets events runs less than one that waits for some: there, too. False: the enter would not have waited.
 */
wait_inline bool submits_first(struct look *l)
{
	const bool defers = l->ring->flags & IORING_SETUP_DEFER_TASKRUN;
	const unsigned gets = defers ? 0 : IORING_ENTER_GETEVENTS;

	l->ret = enter(l->ring, &l->way, l->submit, 0, l->flags | gets, 0, 0);
	l->flags &= ~IORING_ENTER_SQ_WAKEUP;
	return l->ret == (int)l->submit;
}

/*
 * What an enter does before it sleeps. With DEFER_TASKRUN it runs work, which may queue more of it
 * (links), until there were as many completions as it waits for, and having submitted it does so
 * twice. One that gets events runs what is queued, and no more. A wait that has not entered yet
 * enters even if there is no work: the kernel may refuse it (the descriptor is closed, the index
 * or the ring is another thread's), and that is its result, whatever comes meanwhile. False:
 * get_events() failed.
 */
wait_inline bool run_work(struct look *l, unsigned wait_nr, bool has_entered)
{
	const struct io_uring *ring = l->ring;
	unsigned tail = __atomic_load_n(ring->cq.ktail, __ATOMIC_ACQUIRE), was = tail, i;

	for (i = 0; i < wait_nr && tail - was < wait_nr; i++) {
		unsigned before = tail;

		if (!shows_work(ring, __atomic_load_n(ring->sq.kflags, __ATOMIC_RELAXED)))
			return has_entered || get_events(l);
		if (!get_events(l))
			return false;
		has_entered = true;
		tail = __atomic_load_n(ring->cq.ktail, __ATOMIC_ACQUIRE);
		if (tail == before && is_blind(ring))
			return true;
	}
	return true;
}

wait_inline enum look_outcome watch(struct look *l, const struct gate *gate, unsigned target,
				    int64_t until)
{
	const struct io_uring *ring = l->ring;

	for (;;) {
		unsigned flags = 0, i;

		for (i = 0; i < LOOKS && !flags; i++) {
			if (reached(ring, target))
				return FOUND;
			flags = __atomic_load_n(ring->sq.kflags, __ATOMIC_RELAXED);
			ARCH_PAUSE();
		}
		if (marks_are_gone(l->stack_top))
			return reached(ring, target) ? FOUND : INTERRUPTED;
		if ((gate && gate_is_closed(gate)) || flags & IORING_SQ_NEED_WAKEUP)
			return IN_VAIN;
		if (shows_work(ring, flags) && !get_events(l))
			return FAILED;
		if (kernel_time(CLOCK_MONOTONIC) >= until)
			return reached(ring, target) ? FOUND : IN_VAIN;
	}
}

/* From here on it is a wait that would have slept. True: it is over. */
wait_inline bool look_on(struct look *l, const struct gate *gate, unsigned target)
{
	int64_t start = kernel_time(CLOCK_MONOTONIC);
	enum look_outcome outcome = watch(l, gate, target, start + longest(l));

	if (outcome == FOUND) {
		count_one(me.counts->spun);
		return true;
	}
	count_one(me.counts->spun_in_vain);
	if (outcome == IN_VAIN) {
		if (!l->timed || take_time(l, kernel_time(CLOCK_MONOTONIC) - start))
			return false;
		if (!get_events(l))
			return l->ret;
	}
	if (outcome != FAILED && !l->ret && is_empty(l->ring))
		l->ret = outcome == INTERRUPTED ? -EINTR : -ETIME;
	return outcome != FAILED || l->ret;
}

/* It does not look after all. True: it is over, since a handler has run already. */
wait_inline bool leave(struct look *l)
{
	count_one(me.counts->unspun[LOOK_SEVERAL]);
	if (!marks_are_gone(l->stack_top))
		return false;
	if (!l->ret && is_empty(l->ring))
		l->ret = -EINTR;
	return true;
}

/* Up to where the enter would sleep. False: it is over, or is to be made all the same. */
wait_inline bool up_to_sleep(struct look *l, unsigned wait_nr, bool *is_over)
{
	const bool submits = l->submit;

	l->ret = 0;
	*is_over = submits && !submits_first(l);
	if (*is_over)
		return false;
	l->submit = 0;
	if (run_work(l, wait_nr, submits) && (!submits || run_work(l, wait_nr, true)))
		return true;
	*is_over = l->ret;
	return false;
}

/* The frame that has the marks, so all of this is in one function. */
__attribute__((flatten)) bool look(struct look *l)
{
	const struct io_uring *ring = l->ring;
	struct gate *gate = threads_are_none() ? NULL : gate_of(ring);
	const unsigned entries = *ring->cq.kring_entries;
	const unsigned wait_nr = l->wait_nr < entries ? l->wait_nr : entries;
	const unsigned target = __atomic_load_n(ring->cq.khead, __ATOMIC_RELAXED) + wait_nr;
	bool is_over;

	marks_put(l->stack_top);
	if (!up_to_sleep(l, wait_nr, &is_over))
		return is_over;
	if (several_are_missing(ring, target))
		return leave(l);
	if (gate && !gate_enter(gate))
		return false;
	is_over = reached(ring, target) || look_on(l, gate, target);
	if (gate)
		gate_leave(gate);
	return is_over;
}

#else

void look_start(void)
{
}

bool look(struct look *l)
{
	(void)l;
	return false;
}

#endif
