/* SPDX-License-Identifier: MIT */
/*
 * Has a bare enter look before it sleeps, and makes what is left of it. Not those by a registered
 * index: of what they stand for too little is known (ring/index.h). Before, nobody knows whether a bare
 * enter is to sleep: one that does not look is counted in either case.
 */
#include "wait/enter_look.h"

/* Of the ring, by what it is entered by; of rings that are not known nothing is said, as in look.c. */
static enum look_reason reason_of_ring(const struct enter *e, bool *is_known)
{
	unsigned state;

	*is_known = true;
	if (e->flags & IORING_ENTER_REGISTERED_RING)
		return LOOK_INDEX;
	state = fd_state_read(e->fd);
	if (!state)
		return LOOK_DESCRIPTOR;
	*is_known = rules_are_known(fd_state_reason(state));
	if (!fd_may_look(e->fd))
		return LOOK_POLLING;
	return e->flags & ~(unsigned)(ENTER_TIMED | IORING_ENTER_NO_IOWAIT) ? LOOK_FLAGS :
									      LOOK_REASON_NONE;
}

/* Of one with a timeout, a mask, or a minimum. False: the kernel refuses it, or does not wait. */
static bool read_argument(const struct enter *e, struct look *l)
{
	if (e->size != sizeof(*e->arg) || !argument_is_readable(e->arg, sizeof(*e->arg)))
		return false;
	if (e->arg->sigmask)
		l->reason = LOOK_SIGMASK;
	else if (e->arg->min_wait_usec)
		l->reason = LOOK_MIN_WAIT;
	if (!e->arg->ts)
		return true;
	if (!timeout_is_readable(enter_timeout(e)))
		return false;
	l->timed = true;
	l->sec = enter_timeout(e)->tv_sec;
	l->nsec = enter_timeout(e)->tv_nsec;
	return true;
}

bool enter_may_look(const struct enter *e, struct look *l, bool chosen)
{
	bool is_known;

	*l = (struct look){
		.way = { .fd = e->fd },
		.submit = e->submit,
		.wait_nr = e->wait_nr,
		.flags = e->flags & ~(unsigned)ENTER_TIMED,
		.chosen = chosen,
		.reason = reason_of_ring(e, &is_known),
	};
	if (!is_known || !(e->flags & IORING_ENTER_GETEVENTS))
		return false;
	if (!(e->flags & IORING_ENTER_EXT_ARG))
		l->reason = e->arg ? LOOK_SIGMASK : l->reason;
	else if (!enter_is_own_reg_wait(e->flags) && !read_argument(e, l))
		return false;
	return look_bare_may(l);
}

void enter_put_rest(struct enter_rest *r, const struct enter *e, const struct look *l)
{
	r->e = *e;
	r->e.submit = l->submit;
	if (!l->timed)
		return;
	r->left = (struct __kernel_timespec){ .tv_sec = l->sec, .tv_nsec = l->nsec };
	r->arg = (struct getevents_arg){ .ts = (uintptr_t)&r->left };
	r->e.arg = &r->arg;
}

bool enter_looks(const struct enter *e, int *ret)
{
	struct enter_rest r;
	struct look l;

	me.submitted += e->submit;
	if (e->wait_nr == 1 && e->flags & IORING_ENTER_GETEVENTS &&
	    !(e->flags & IORING_ENTER_REGISTERED_RING) && learn_sleeps(enter_key(e->fd)))
		return false;
	if (!enter_may_look(e, &l, false))
		return false;
	if (look_bare(&l)) {
		*ret = l.ret;
		return true;
	}
	enter_put_rest(&r, e, &l);
	*ret = kernel_enter(e->fd, l.submit, e->wait_nr, iowait_bare_flags(e->flags),
			    (uintptr_t)r.e.arg, e->size);
	if (l.ret)
		*ret = l.ret;
	return true;
}
