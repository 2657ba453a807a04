/* SPDX-License-Identifier: MIT */
/*
 * The life of a bare timed enter, io_uring_enter(2) with IORING_ENTER_EXT_ARG, whichever door
 * it comes through. The ring is known by its descriptor (door.h).
 *
 * Without the ring's memory there is nothing to decide: the call is made as it is, but for its
 * argument, which goes into the slot. So a timeout of zero is not polled either: what such a
 * call returns depends on completions that we do not see.
 */
#ifndef REGWAIT_ENTER_H
#define REGWAIT_ENTER_H

#include "process/fd_state.h"
#include "ring/index.h"
#include "wait/engine.h"

struct enter {
	unsigned fd, submit, wait_nr, flags;
	const struct getevents_arg *arg;
	size_t size;
	const struct next *next;	/* whose the call is; NULL: the caller tells */
	const void *caller;
};

/* Whatever is not a registered wait, or not at once. Returns -errno. */
int enter_otherwise(const struct enter *e, const void *frame)
	__attribute__((noinline, cold));

/* The call as the program made it. */
int enter_plain(const struct enter *e);

/* The kernel refused the registered wait and did nothing else: it is made as it was. */
int enter_refused(const struct enter *e, int ret) __attribute__((noinline, cold));

#define ENTER_TIMED	(IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG)

wait_inline bool enter_is_timed(const struct enter *e)
{
	return (e->flags & (ENTER_TIMED | IORING_ENTER_EXT_ARG_REG)) == ENTER_TIMED &&
	       e->size == sizeof(*e->arg);
}

/* This process's state, if the thread has a slot in it. */
wait_inline struct process *my_process(void)
{
	return *me.nonce ? (struct process *)((char *)me.nonce - offsetof(struct process, nonce)) :
			   NULL;
}

/*
 * Is this a ring that we armed, and so one whose liburing we know, with nobody between it and
 * us? Then its function need not be looked for: it is the system call.
 */
wait_inline bool door_is_armed(unsigned fd, unsigned flags)
{
	const struct process *p = my_process();

	return p && (flags & IORING_ENTER_REGISTERED_RING ? index_armed(fd) :
							    door_read(p, fd) == DOOR_ARMED);
}

/* Everything that must hold before the argument may be looked at. */
wait_inline bool enter_may_register(const struct enter *e)
{
	return likely(enter_is_timed(e)) && likely(door_is_armed(e->fd, e->flags)) &&
	       likely((uintptr_t)e->arg >> TS_PAGE_SHIFT == me.arg_page) &&
	       likely(!me.busy) && likely(!me.plain);
}

wait_inline bool enter_fits_slot(const struct getevents_arg *arg)
{
	return likely(arg->ts >> TS_PAGE_SHIFT == me.ts_page) &&
	       likely(!arg->sigmask || arg->sigmask_sz == KERNEL_SIGSET_SIZE);
}

/* The slot is written as in wait.h, and for the same reasons in this order. */
wait_inline int enter_by_slot(const struct enter *e, const void *frame)
{
	struct reg_wait *slot = me.slot;
	int ret;

	me.busy = frame;
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	slot->ts = *(const struct __kernel_timespec *)(uintptr_t)e->arg->ts;
	slot->min_wait_usec = e->arg->min_wait_usec;
	slot->sigmask = e->arg->sigmask;
	count_one(me.counts->registered);
	ret = kernel_enter(e->fd, e->submit, e->wait_nr, e->flags | IORING_ENTER_EXT_ARG_REG,
			   me.offset, sizeof(*slot));
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	me.busy = NULL;
	if (unlikely(ret == -EINVAL || ret == -EFAULT))
		return enter_refused(e, ret);
	return ret;
}

wait_inline int enter_timed(const struct enter e, const void *frame)
{
	struct enter copy;

	if (mode_is_on() && enter_may_register(&e) && enter_fits_slot(e.arg))
		return enter_by_slot(&e, frame);
	/* A copy, so that e itself need not lie in memory on the way that counts. */
	copy = e;
	return enter_otherwise(&copy, frame);
}

#endif
