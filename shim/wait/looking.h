/* SPDX-License-Identifier: MIT */
/*
 * What both ways to look have in common: at the memory of a ring (wait/look.c), and by a descriptor
 * (wait/look_bare.c).
 */
#ifndef REGWAIT_LOOKING_H
#define REGWAIT_LOOKING_H

#include "base/config.h"
#include "process/thread.h"
#include "wait/learn.h"
#include "wait/marks.h"
#include "wait/rules.h"

/* No call may be between the marks (wait/marks.h); where nothing is inlined there would be some. */
#if ARCH_CAN_LOOK && defined(__OPTIMIZE__) && !defined(__SANITIZE_THREAD__)
#define LOOK_IS_BUILT 1
#else
#define LOOK_IS_BUILT 0
#endif

/* An enter that waits; all as it would be made without us. */
struct look {
	const struct io_uring *ring; /* NULL: there is only a descriptor (wait/look_bare.c) */
	struct way way;
	unsigned submit, wait_nr, flags;
	bool timed;
	bool chosen;		 /* in the mode ab the coin has: it looks */
	enum look_reason reason; /* it may not look, for what its caller knows of it */
	uint64_t sec, nsec;	 /* the timeout; afterwards what is left of it */
	uintptr_t stack_top;	 /* see wait/marks.h; set by those that say whether it may look */
	int ret;		 /* see look() */
};

#define NS_PER_SEC 1000000000

/* A minimum lets a wait go on after its completion came, and a mask lets signals in that we would miss. */
static inline enum look_reason looking_reason_of(unsigned min_wait, const void *sigmask)
{
	return min_wait ? LOOK_MIN_WAIT : sigmask ? LOOK_SIGMASK : LOOK_REASON_NONE;
}

/* A timeout that is over, or is no valid time, is the kernel's. */
static inline bool looking_time_may(const struct look *l)
{
	return !l->timed || ((int64_t)l->sec >= 0 && l->nsec < NS_PER_SEC && l->sec | l->nsec);
}

static inline bool looking_is_on(const struct look *l)
{
	unsigned mode = __atomic_load_n(live_mode, __ATOMIC_RELAXED);

	return l->wait_nr && !process_sandboxed &&
	       (mode == MODE_ON || (mode == MODE_AB && l->chosen)) && looking_time_may(l);
}

/* Where a coin decides, nothing is learnt. */
static inline bool looking_pays(const struct look *l, const void *ring)
{
	return !config.spin_auto || l->chosen || learn_looks(ring);
}

/*
 * Nothing speaks against it, but perhaps this: then it is counted. What is learnt is counted where it is
 * learnt.
 */
static inline bool looking_may_for(enum look_reason why)
{
	if (why && why != LOOK_AUTO)
		count_unspun(why);
	return !why;
}

static inline bool looking_thread_may(struct look *l)
{
	if (!thread_has_line())
		thread_take_line(process_peek());
	return thread_has_line() && thread_knows_stack(&l->stack_top);
}

#if LOOK_IS_BUILT

enum look_outcome { FOUND, IN_VAIN, INTERRUPTED, FAILED };

/*
 * An enter that looks returned this error. It is the wait's own result, unless SQEs were submitted; but
 * what is wrong with a wait's argument only the one that waits can tell.
 */
wait_inline bool looking_fails(struct look *l, int ret)
{
	if (!l->ret && ret != -EINVAL && ret != -EFAULT)
		l->ret = ret;
	return false;
}

/* False: nothing is left. */
wait_inline bool take_time(struct look *l, uint64_t ns)
{
	uint64_t sec = ns / NS_PER_SEC;

	ns %= NS_PER_SEC;
	if (l->nsec < ns) {
		sec++;
		l->nsec += NS_PER_SEC;
	}
	if (l->sec < sec || (l->sec == sec && l->nsec <= ns)) {
		l->sec = l->nsec = 0;
		return false;
	}
	l->sec -= sec;
	l->nsec -= ns;
	return true;
}

/* For how long a wait looks at the most. */
wait_inline int64_t longest(const struct look *l)
{
	const int64_t spin = config.spin * (int64_t)1000;

	return l->timed && !l->sec && (int64_t)l->nsec < spin ? (int64_t)l->nsec : spin;
}

#endif
#endif
