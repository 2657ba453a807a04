/* SPDX-License-Identifier: MIT */
/*
 * A bare enter with a timeout of zero, answered by one system call that arms no timer.
 *
 * The ring's memory is not at hand for a bare enter, so the kernel is asked for what is in the CQ, by
 * a wait that never begins: it goes by the thread's slot, with a signal mask of a wrong size. If the
 * CQ holds a completion, the kernel returns 0 before it comes to the mask; if not, -EINVAL (so do
 * 6.16 to 7.3). Up to there the call does what the program's own does.
 *
 * A kernel that checked the mask first would say -EINVAL each time. So nothing is made of that until
 * the answer has been right about a completion that was there (wait/enter_choice.c). In case a kernel
 * ever ignores the mask, the slot holds a timeout: the time 0, for which no clock need be read.
 */
#ifndef REGWAIT_ASK_H
#define REGWAIT_ASK_H

#include "wait/enter.h"

/* Forked children keep what was found: it is the kernel's. */
extern enum asking_tells {
	ASKING_NOT_TRIED,
	ASKING_TELLS,
	ASKING_DOES_NOT_TELL,
} asking_tells __attribute__((visibility("hidden")));

/* See may_poll() in engine.h. The kinds of ring that it excludes are not FD_ARMED_POLLABLE. */
wait_inline bool enter_may_poll(const struct enter *e)
{
	return !(enter_timeout(e)->tv_sec | enter_timeout(e)->tv_nsec) && config.poll &&
	       !process_sandboxed &&
	       !(e->flags & (IORING_ENTER_REGISTERED_RING | IORING_ENTER_ABS_TIMER)) &&
	       e->wait_nr && !e->arg->sigmask && !e->arg->min_wait_usec &&
	       fd_state_read(e->fd) == FD_ARMED_POLLABLE;
}

/* The same for an enter on an armed ring whose argument has not been tried yet. */
wait_inline bool enter_may_ask(const struct enter *e)
{
	return __atomic_load_n(&asking_tells, __ATOMIC_RELAXED) == ASKING_TELLS && !e->submit &&
	       mode_is_on() && enter_may_register(e) && enter_fits_slot(e->arg) &&
	       enter_may_poll(e);
}

/*
 * 0: there is a completion. -ETIME: there is none. Anything else: the kernel does not tell. Waits
 * do not write the size of their mask, so it is put back; slot_is_busy() does so for one that was
 * left by siglongjmp().
 */
wait_inline int ask(const struct enter *e, struct origin origin)
{
	struct reg_wait *slot = me.slot;
	int ret;

	debug_assert(thread_owns_slot() && !me.busy);
	me.busy = origin.frame;
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	slot->ts.tv_sec = 0;
	slot->ts.tv_nsec = 0;
	slot->min_wait_usec = 0;
	slot->sigmask = (uintptr_t)slot;
	slot->sigmask_sz = 0;
	ret = kernel_enter(e->fd, 0, 1,
			   e->flags | IORING_ENTER_ABS_TIMER |
				   __atomic_load_n(&iowait_bare.by_slot, __ATOMIC_RELAXED),
			   me.offset, sizeof(*slot));
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	slot->sigmask_sz = KERNEL_SIGSET_SIZE;
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	me.busy = NULL;
	return ret == -EINVAL ? -ETIME : ret;
}

/* Answers the enter by asking. False: it must be made otherwise. */
wait_inline bool enter_by_asking(const struct enter *e, struct origin origin, int *ret)
{
	*ret = ask(e, origin);
	if (unlikely(*ret && *ret != -ETIME))
		return false;
	count_one(me.counts->polled);
	return true;
}

#endif
