/* SPDX-License-Identifier: MIT */
/*
 * Looks for completions before a bare enter sleeps.
 *
 * A bare enter names its ring by a descriptor. We do not map the ring's memory ourselves: that would
 * keep the ring alive after the program has closed it. So the kernel is asked, by enters that cannot
 * sleep: their signal mask has a wrong size. The kernel does all that a wait does up to there, returns 0
 * if there are as many completions as were asked for, and only then comes to the mask, and says -EINVAL
 * (so do 5.11 to 7.3; see also wait/ask.h, where this is done by the slot).
 *
 * Another thread may take the completions between two of these. Then this wait goes on, as one does
 * whose thread lost its processor before it began.
 */
#include "base/log.h"
#include "process/fd_state.h"
#include "wait/enter_look.h"
#include "wait/looking.h"

#if LOOK_IS_BUILT

/* Asks between two looks at the clock. */
#define ASKS   4
#define PAUSES 4 /* instructions between two of these */

/* What the kernel gets for an argument, in which the mask is never read. */
struct question {
	struct getevents_arg arg;
	struct __kernel_timespec none;
};

/* If a kernel ever ignores the mask, the timeout ends the wait. */
wait_inline void put_question(struct question *q)
{
	*q = (struct question){ .arg = { .sigmask = (uintptr_t)q, .ts = (uintptr_t)&q->none } };
}

/* 0: they are there. See not_there() for the rest. */
wait_inline int ask_for(const struct look *l, const struct question *q, unsigned wait_nr)
{
	return kernel_enter(l->way.fd, 0, wait_nr, l->flags | ENTER_TIMED, (uintptr_t)&q->arg,
			    sizeof(q->arg));
}

wait_inline bool not_there(int ret)
{
	return ret == -EINVAL || ret == -ETIME;
}

static enum { UNKNOWN, TELLS, DOES_NOT_TELL } kernel_tells; /* forked children keep it */

/* A kernel that checks the mask first says -EINVAL of a wait for nothing, too. */
static bool kernel_may_be_asked(const struct look *l)
{
	struct question q;
	int ret;

	if (likely(__atomic_load_n(&kernel_tells, __ATOMIC_RELAXED) != UNKNOWN))
		return __atomic_load_n(&kernel_tells, __ATOMIC_RELAXED) == TELLS;
	put_question(&q);
	ret = ask_for(l, &q, 0);
	if (ret && !not_there(ret))
		return false;
	__atomic_store_n(&kernel_tells, ret ? DOES_NOT_TELL : TELLS, __ATOMIC_RELAXED);
	if (ret)
		log_info("bare enters do not look before they sleep: this kernel cannot be asked");
	return !ret;
}

static enum look_reason reason_of(struct look *l, const void *key)
{
	if (l->reason)
		return l->reason;
	/* If more are missing, a request that is a timeout ends the wait as well: see look.c. */
	if (l->wait_nr != 1)
		return LOOK_SEVERAL;
	if (learn_sleeps(key) || !looking_pays(l, key))
		return LOOK_AUTO;
	if (!looking_thread_may(l))
		return LOOK_SIGNALS;
	return kernel_may_be_asked(l) ? LOOK_REASON_NONE : LOOK_KERNEL;
}

bool look_bare_may(struct look *l)
{
	return looking_is_on(l) && looking_may_for(reason_of(l, enter_key(l->way.fd)));
}

wait_inline enum look_outcome watch(struct look *l, const struct question *q, int64_t until)
{
	for (;;) {
		unsigned i, pause;
		int ret;

		for (i = 0; i < ASKS; i++) {
			for (pause = 0; pause < PAUSES; pause++)
				ARCH_PAUSE();
			ret = ask_for(l, q, 1);
			if (!ret)
				return FOUND;
			if (!not_there(ret))
				return looking_fails(l, ret), FAILED;
			if (marks_are_gone(l->stack_top))
				return INTERRUPTED;
		}
		if (kernel_time(CLOCK_MONOTONIC) >= until)
			return IN_VAIN;
	}
}

/* From here on it is a wait that would have slept. True: it is over. */
wait_inline bool look_on(struct look *l, const struct question *q)
{
	int64_t start = kernel_time(CLOCK_MONOTONIC);
	enum look_outcome outcome = watch(l, q, start + longest(l));

	if (outcome == FOUND) {
		count_one(me.counts->spun);
		return true;
	}
	count_one(me.counts->spun_in_vain);
	if (outcome == INTERRUPTED && !l->ret)
		l->ret = -EINTR;
	if (outcome == IN_VAIN && l->timed)
		take_time(l, kernel_time(CLOCK_MONOTONIC) - start);
	return outcome == INTERRUPTED || (outcome == FAILED && l->ret);
}

/*
 * As much as an enter does before it sleeps: with DEFER_TASKRUN, having submitted, it runs work twice,
 * which may queue more of it (links). Where they are not known to be of another kind, rings may be so.
 */
wait_inline int up_to_sleep(const struct look *l, const struct question *q, bool submitted)
{
	int ret = ask_for(l, q, 1);

	if (submitted && fd_state_read(l->way.fd) != FD_ARMED_POLLABLE)
		ret = ask_for(l, q, 1);
	return ret;
}

__attribute__((flatten)) bool look_bare(struct look *l)
{
	struct question q;
	int ret;

	marks_put(l->stack_top);
	put_question(&q);
	l->ret = 0;
	if (l->submit) {
		l->ret = kernel_enter(l->way.fd, l->submit, 0, l->flags, 0, 0);
		if (l->ret != (int)l->submit)
			return true;
		l->submit = 0;
	}
	ret = up_to_sleep(l, &q, l->ret);
	if (!ret)
		return true;
	if (!not_there(ret)) {
		looking_fails(l, ret);
		return l->ret;
	}
	return look_on(l, &q);
}

#else

bool look_bare_may(struct look *l)
{
	(void)l;
	return false;
}

bool look_bare(struct look *l)
{
	(void)l;
	return false;
}

#endif
