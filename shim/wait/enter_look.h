/* SPDX-License-Identifier: MIT */
/*
 * Bare enters that look before they sleep: REGWAIT_SPIN.
 */
#ifndef REGWAIT_ENTER_LOOK_H
#define REGWAIT_ENTER_LOOK_H

#include "wait/enter.h"
#include "wait/learn.h"
#include "wait/look.h"

/* For one that is not registered. True: it was made so, and *ret is what it returned. */
bool enter_looks(const struct enter *e, int *ret) __attribute__((visibility("hidden")));

/* May it look? If so, *l is ready. chosen: the coin of mode ab has decided that it does. */
bool enter_may_look(const struct enter *e, struct look *l, bool chosen);

/* What remains of one that looked in vain: r->e, which points into *r. */
struct enter_rest {
	struct getevents_arg arg;
	struct __kernel_timespec left;
	struct enter e;
};

void enter_put_rest(struct enter_rest *r, const struct enter *e, const struct look *l);

/* Its rings are told apart by their numbers, and from liburing's, which are aligned. */
wait_inline const void *enter_key(unsigned fd)
{
	return (const void *)(((uintptr_t)fd + 1) * 4096 + 2);
}

/* May it be registered at once, and with REGWAIT_SPIN=auto need not ask whether to look? */
wait_inline bool enter_is_asleep(const struct enter *e)
{
	return me.asleep == enter_key(e->fd) && enter_is_timed(e->flags, e->size) &&
	       !(e->flags & IORING_ENTER_REGISTERED_RING) &&
	       fd_state_is_armed(fd_state_read(e->fd)) && enter_is_hot(e);
}

/* Such a one, which is made now. */
wait_inline void enter_sleeps(const struct enter *e)
{
	me.submitted += e->submit;
	learn_slept();
}

#endif
