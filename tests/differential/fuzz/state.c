/* SPDX-License-Identifier: MIT */
/* Traces what a program can see in its rings, once nothing moves in them any more. */
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "world.h"

/* Room for what a busy machine adds to a timer. */
#define SETTLE_SLACK_NS 500000

uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ull + ts.tv_nsec;
}

void sleep_until(uint64_t ns)
{
	struct timespec ts = { .tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000 };

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL))
		;
}

static unsigned load(const unsigned *p)
{
	return __atomic_load_n(p, __ATOMIC_ACQUIRE);
}

/*
 * The thread never sleeps in so short a life: the limit is for a machine that stalls. But it begins
 * asleep, or awake if the ring was enabled later, which shows when a submit fails and so wakes
 * nobody.
 */
static void sqpoll_drain(struct slot *s)
{
	uint64_t limit = now_ns() + 500000000;

	if (load(s->u->sq.khead) != load(s->u->sq.ktail) && !s->fd_closed && s->u->ring_fd >= 0)
		syscall(SYS_io_uring_enter, s->u->ring_fd, 0, 0, ENTER_SQ_WAKEUP, NULL, 0);
	while (load(s->u->sq.khead) != load(s->u->sq.ktail) && now_ns() < limit)
		sched_yield();
}

/* What another thread does (one of SQPOLL, a worker) is done in its own time. */
static void drained(struct slot *s)
{
	unsigned tail = load(s->u->cq.ktail), before, tries = 20;

	do {
		before = tail;
		sleep_until(now_ns() + 1500000);
		tail = load(s->u->cq.ktail);
	} while (tail != before && tries--);
}

/* Called after an operation may have submitted: a short timeout must have fired. */
void slot_settle(struct world *w, struct slot *s)
{
	if (s->flags & SETUP_SQPOLL && !s->disabled)
		sqpoll_drain(s);
	if (load(s->u->sq.khead) != s->u->sq.sqe_tail)
		return;
	if (s->short_us) {
		uint64_t ns = now_ns() + s->short_us * 1000 + SETTLE_SLACK_NS;

		if (ns > w->settle_ns)
			w->settle_ns = ns;
	}
	if ((s->drains || s->flags & SETUP_SQPOLL) && load(s->u->sq.khead) != s->drained_head)
		drained(s);
	s->drained_head = load(s->u->sq.khead);
	s->short_us = 0;
	s->sure = 0;
	s->unsure = false;
}

void world_settle(struct world *w)
{
	/* Another task may have to finish what it has submitted: it is woken for that. */
	if (*w->prefix)
		sleep_until(now_ns() + 700000);
	if (w->settle_ns > now_ns())
		sleep_until(w->settle_ns);
	w->settle_ns = 0;
	for (int r = 0; r < NRING; r++) {
		if (w->slot[r].live)
			slot_settle(w, &w->slot[r]);
	}
	if (w->settle_ns)
		sleep_until(w->settle_ns);
	w->settle_ns = 0;
}

static int cqe_shift(const struct slot *s)
{
	return !!(s->u->flags & SETUP_CQE32);
}

void say_cqe(struct world *w, const struct slot *s, const struct io_uring_cqe *cqe)
{
	if (!cqe) {
		say(w, " cqe=NULL");
	} else if (cqe == CQE_SENTINEL) {
		say(w, " cqe=untouched");
	} else {
		long at = cqe - s->u->cq.cqes;

		say(w, " cqe=@%ld", at);
		if (at >= 0 && at < ((long)*s->u->cq.kring_entries << cqe_shift(s)))
			say(w, ":%lld:%d", (long long)cqe->user_data, cqe->res);
	}
}

static void say_new_cqes(struct world *w, struct slot *s)
{
	unsigned tail = load(s->u->cq.ktail), mask = *s->u->cq.kring_mask;

	/* A child that has inherited the ring may see the tail move on further. */
	if (tail - s->printed > mask + 1)
		s->printed = tail - mask - 1;
	for (; s->printed != tail; s->printed++) {
		const struct io_uring_cqe *cqe =
			&s->u->cq.cqes[(s->printed & mask) << cqe_shift(s)];

		say(w, " [%lld:%d:%x]", (long long)cqe->user_data, cqe->res, cqe->flags);
	}
}

static void say_ring(struct world *w, int r)
{
	struct slot *s = &w->slot[r];
	struct io_uring *u = s->u;
	unsigned kflags = load(u->sq.kflags);
	/* REGWAIT_IOWAIT=off, which both variants have, sets one of these two bits: nothing else shows. */
	unsigned int_flags = abi_int_flags(u) & (getenv("REGWAIT_IOWAIT") ? ~0x88 : ~0);
	char text[sizeof(s->last)];

	/* Whether the SQPOLL thread sleeps is for the scheduler to say. */
	if (s->flags & SETUP_SQPOLL)
		kflags &= ~IORING_SQ_NEED_WAKEUP;
	/* A wait that looks runs work that another leaves, and coop has a ring say that it waits. */
	if (getenv("REGWAIT_SPIN"))
		kflags &= ~IORING_SQ_TASKRUN;
	snprintf(text, sizeof(text), "sq=%u/%u+%u cq=%u/%u k=%x drop=%u over=%u f=%x,%x,%x e=%d",
		 load(u->sq.khead), load(u->sq.ktail), u->sq.sqe_tail - load(u->sq.ktail),
		 load(u->cq.khead), load(u->cq.ktail), kflags, load(u->sq.kdropped),
		 load(u->cq.koverflow), u->flags, u->features, int_flags,
		 abi_registered(u)	       ? abi_enter_fd(u) :
		 abi_enter_fd(u) == u->ring_fd ? -1 :
						 -2);
	if (!strcmp(text, s->last))
		return;
	strcpy(s->last, text);
	say(w, " | r%d %s", r, text);
	say_new_cqes(w, s);
}

void say_rings(struct world *w)
{
	for (int r = 0; r < NRING; r++) {
		if (w->slot[r].live)
			say_ring(w, r);
	}
}
