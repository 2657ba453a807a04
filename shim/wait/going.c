/* SPDX-License-Identifier: MIT */
/*
 * Waits by liburing's rules, of which one may enter several times.
 */
#include "wait/going.h"
#include "wait/look.h"
#include "wait/toss.h"

static inline int going_as_made(const struct io_uring *ring, const struct going *g, unsigned flags)
{
	return kernel_enter(ring->enter_ring_fd, g->submit, g->wait_nr, flags, g->arg, g->size);
}

/* The rest of one that has looked in vain, or may not look. */
static int enter_after(struct io_uring *ring, const struct going *g, unsigned flags, struct look *l)
{
	struct __kernel_timespec left = { .tv_sec = l->sec, .tv_nsec = l->nsec };
	struct getevents_arg arg;
	uintptr_t at = g->arg;
	int ret;

	if (g->ts) {
		arg = *(const struct getevents_arg *)g->arg;
		arg.ts = (uintptr_t)&left;
		at = (uintptr_t)&arg;
	}
	ret = enter(ring, &l->way, l->submit, g->wait_nr, flags, at, g->size);
	return l->ret ? l->ret : ret;
}

/* chosen: see wait/look.h. */
static int enter_looking(struct io_uring *ring, const struct going *g, unsigned flags, uint64_t tag,
			 bool chosen)
{
	struct look l = {
		.ring = ring,
		.way = ordinary_way(ring),
		.submit = g->submit,
		.wait_nr = g->wait_nr,
		.flags = flags & ~(unsigned)ENTER_TIMED,
		.timed = g->ts,
		.chosen = chosen,
		.sec = g->ts ? g->ts->tv_sec : 0,
		.nsec = g->ts ? g->ts->tv_nsec : 0,
		.reason = g->reason,
	};

	if (!look_may(&l, tag))
		return going_as_made(ring, g, flags);
	return look(&l) ? l.ret : enter_after(ring, g, l.flags | (flags & ENTER_TIMED), &l);
}

static __attribute__((noinline)) int enter_tossed(struct io_uring *ring, const struct going *g,
						  unsigned flags, uint64_t tag)
{
	struct toss t;
	int ret;

	if (g->reason || g->ts || !toss_begin(&t))
		return enter_looking(ring, g, flags, tag, false);
	ret = t.looks ? enter_looking(ring, g, flags, tag, true) : going_as_made(ring, g, flags);
	toss_end(&t);
	return ret;
}

int going_enter(struct io_uring *ring, const struct going *g, unsigned flags, uint64_t tag)
{
	if (!g->looks || (!g->reason && learn_sleeps(ring->cq.khead)))
		return going_as_made(ring, g, flags);
	return toss_is_on() ? enter_tossed(ring, g, flags, tag) :
			      enter_looking(ring, g, flags, tag, false);
}

/*
 * _io_uring_get_cqe(). What was submitted by the first enter is what is returned,
 * however often it enters, unless there was a completion before.
 */
static int go(struct io_uring *ring, struct io_uring_cqe **found, struct going *g, uint64_t tag)
{
	bool entered = false;
	int err = 0;

	for (;;) {
		unsigned flags = enter_flags(ring, tag), available;
		struct io_uring_cqe *cqe = *found = peek_cq(ring, tag, &available);
		bool waits = g->wait_nr > available, enters;
		int ret;

		if (!cqe && !g->wait_nr && !g->submit) {
			if (entered || !cq_needs_enter(ring, tag))
				return err ? err : -EAGAIN;
			waits = true;
		}
		if (waits)
			flags |= IORING_ENTER_GETEVENTS | g->flags;
		enters = sq_needs_enter(ring, g->submit, &flags);
		if (!waits && !enters)
			return err;
		if (entered && g->ends)
			return cqe || err ? err : -ETIME;
		ret = waits ? going_enter(ring, g, flags, tag) : going_as_made(ring, g, flags);
		if (ret < 0)
			return err ? err : ret;
		g->submit -= ret;
		if (cqe)
			return err;
		if (!entered)
			err = ret;
		entered = true;
	}
}

/* What the program has for the completion is written at the end: a wait may be left before. */
int going_wait(struct io_uring *ring, struct io_uring_cqe **cqe_ptr, struct going *g, uint64_t tag)
{
	struct io_uring_cqe *found;
	int ret = go(ring, &found, g, tag);

	*cqe_ptr = found;
	return ret;
}
