/* SPDX-License-Identifier: MIT */
/*
 * Has a bare enter look before it sleeps, and makes what is left of it. Not those by a registered
 * index: of what they stand for too little is known (ring/index.h).
 */
#include "wait/enter_look.h"
#include "wait/look.h"

/* What remains of a wait that looked in vain. */
struct rest {
	struct getevents_arg arg;
	struct __kernel_timespec left;
	struct enter e;
};

static bool has_time(const struct enter *e, struct look *l)
{
	if (e->size != sizeof(*e->arg) || !argument_is_readable(e->arg, sizeof(*e->arg)) ||
	    e->arg->sigmask || e->arg->min_wait_usec)
		return false;
	if (!e->arg->ts)
		return true;
	if (!timeout_is_readable(enter_timeout(e)))
		return false;
	l->timed = true;
	l->sec = enter_timeout(e)->tv_sec;
	l->nsec = enter_timeout(e)->tv_nsec;
	return true;
}

/* Nothing but flags that we know, and no signal mask: is it a wait that may look? */
static bool may_look(const struct enter *e, struct look *l, bool chosen)
{
	*l = (struct look){
		.way = { .fd = e->fd },
		.submit = e->submit,
		.wait_nr = e->wait_nr,
		.flags = e->flags & ~(unsigned)ENTER_TIMED,
		.chosen = chosen,
	};
	if (!fd_may_look(e->fd) || l->flags & ~(unsigned)IORING_ENTER_NO_IOWAIT ||
	    !(e->flags & IORING_ENTER_GETEVENTS))
		return false;
	if (e->flags & IORING_ENTER_EXT_ARG ? !has_time(e, l) : !!e->arg)
		return false;
	return look_bare_may(l);
}

static void put_rest(struct rest *r, const struct enter *e, const struct look *l)
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
	struct rest r;
	struct look l;

	if (!may_look(e, &l, false))
		return false;
	if (look_bare(&l)) {
		*ret = l.ret;
		return true;
	}
	put_rest(&r, e, &l);
	*ret = kernel_enter(e->fd, l.submit, e->wait_nr, iowait_bare_flags(e->flags),
			    (uintptr_t)r.e.arg, e->size);
	if (l.ret)
		*ret = l.ret;
	return true;
}

int enter_by_slot_looking(const struct enter *e, struct origin origin)
{
	/* In other modes only those come here that the coin has chosen. */
	const bool chosen = __atomic_load_n(live_mode, __ATOMIC_RELAXED) != MODE_ON;
	struct rest r;
	struct look l;
	int ret;

	if (!may_look(e, &l, chosen))
		return enter_by_slot_slowly(e, origin);
	if (look_bare(&l)) {
		count_one(me.counts->registered);
		return l.ret;
	}
	put_rest(&r, e, &l);
	ret = enter_by_slot_slowly(&r.e, origin);
	return l.ret ? l.ret : ret;
}
