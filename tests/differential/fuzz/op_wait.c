/* SPDX-License-Identifier: MIT */
/*
 * Every submitting, waiting and peeking function of liburing, with all that it returned and wrote.
 * A call that could wait for ever is first reduced to what is sure to come.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "wait.h"

/* clang-format off */
const struct wait_property wait_property[] = {
	[WAIT_CQE]	= { .cqe = true },
	[WAIT_CQE_NR]	= { .cqe = true, .counts = true },
	[PEEK_CQE]	= { .cqe = true, .peeks = true },
	[PEEK_BATCH]	= { .peeks = true },
	[WAIT_TIMEOUT]	= { .cqe = true, .timed = true },
	[WAIT_CQES]	= { .cqe = true, .timed = true, .counts = true },
	[WAIT_MIN]	= { .cqe = true, .timed = true, .counts = true, .since = 208 },
	[SUBMIT]	= { .submits = true, .peeks = true },
	[SUBMIT_WAIT]	= { .submits = true, .counts = true },
	[SUBMIT_EVENTS]	= { .submits = true, .peeks = true },
	[GET_EVENTS]	= { .peeks = true },
	[SAW_TIMEOUT]	= { .cqe = true, .submits = true, .timed = true, .counts = true },
	[SAW_MIN]	= { .cqe = true, .submits = true, .timed = true, .counts = true,
			    .since = 208 },
	[SAW_REG]	= { .cqe = true, .submits = true, .timed = true, .counts = true,
			    .since = 209 },
	[GET_CQE]	= { .cqe = true, .counts = true },
	[SQRING_WAIT]	= { .peeks = true },
	[ENTER]		= { .counts = true },
	[ENTER2]	= { .timed = true, .counts = true },
	[ENTER2_REG]	= { .timed = true, .counts = true },
	[SYSCALL_ENTER]	= { .timed = true, .counts = true },
};
/* clang-format on */

/* A minimum wait that is over before anything arrives. */
#define MIN_SHORT_US 300

static bool ts_ends(enum ts_word word)
{
	switch (word) {
	case TS_NULL:
	case TS_10S:
	case TS_BIGNS:
	case TS_HUGENS:
	case TS_FOREVER:
		return false;
	default:
		return true;
	}
}

/* Completions that the call will find, or an interruption, which ends it as well. */
static unsigned foreseen(struct world *w, const struct call *c)
{
	struct slot *s = c->s;
	unsigned n = io_uring_cq_ready(s->u);

	if (wait_property[c->fn].submits || (c->fn == GET_CQE && c->sub))
		n += s->sure;
	/* A polling ring does not sleep, so nothing interrupts it: an untimed wait spins. */
	if (!(s->flags & SETUP_IOPOLL) && arrival_interrupts(w, c->mask))
		n += 100000;
	return n;
}

/*
 * False if the call must be left out. A tested short timeout and something that is to
 * arrive meanwhile would race, so the timeout makes room.
 */
static bool guard(struct world *w, struct call *c)
{
	const struct wait_property *prop = &wait_property[c->fn];
	unsigned n = foreseen(w, c);

	/* Crashes in 2.9 to 2.14 whenever it submits and then times out. */
	if (c->fn == SAW_REG && FUZZ_LU < 215 && io_uring_sq_ready(c->s->u))
		return false;
	/* There is no pointer to be bad in a region: its slot holds the timeout itself. */
	if ((c->fn == SAW_REG || c->fn == ENTER2_REG) &&
	    (c->ts_word == TS_BAD8 || c->ts_word == TS_BADPAGE))
		c->ts_word = TS_1MS;
	if (prop->timed && (w->arrive || c->s->short_us)) {
		if (c->ts_word == TS_1MS || c->ts_word == TS_2MS)
			c->ts_word = TS_25MS;
		if (c->min > MIN_SHORT_US)
			c->min = MIN_SHORT_US;
	}
	if (prop->peeks || (prop->timed && ts_ends(c->ts_word)) || c->nr <= n)
		return true;
	say(w, " guard");
	if (n && prop->counts)
		c->nr = n;
	else if (prop->timed)
		c->ts_word = w->arrive || c->s->short_us ? TS_25MS : TS_1MS;
	else
		return false;
	return true;
}

static void say_result(struct world *w, struct call *c)
{
	bool loose = c->s->flags & SETUP_SQPOLL && (c->ret >= 0 || c->s->disabled);

	/* How much of a submit the SQPOLL thread has taken is up to the scheduler. */
	if (c->jumped)
		say(w, " jumped");
	else if (loose && (wait_property[c->fn].submits || c->fn == GET_CQE))
		say(w, " ok");
	else
		say(w, " %d", c->ret);
	if (wait_property[c->fn].cqe && !loose)
		say_cqe(w, c->s, c->cqe);
	if (c->fn == PEEK_BATCH) {
		for (int i = 0; i < c->ret && i < BATCH; i++)
			say(w, " @%ld", (long)(c->cqes[i] - c->s->u->cq.cqes));
	}
	if (c->err != ERRNO_SENTINEL)
		say(w, " errno=%d", c->err);
	/*
	 * Another thread's index means another ring to this one, or none. If that ring takes no
	 * registered waits, the shim has to enter once more.
	 */
	if (c->s->reg_tid && c->s->reg_tid != gettid())
		return;
	if (c->enters >= 0 && !(c->s->flags & SETUP_SQPOLL))
		say(w, " n=%ld", c->enters);
}

/* Bounds on the time, so wide that a busy machine does not cross them. */
static void say_time(struct world *w, const struct call *c)
{
	uint64_t ns = c->end_ns - c->start_ns;

	if (ns > 1000000000)
		say(w, " slow");
	if (!wait_property[c->fn].timed)
		return;
	if (c->ts_word == TS_25MS)
		say(w, " %s", ns < 25000000 ? "short" : ns < 75000000 ? "full" : "over");
	else if (c->ret == -ETIME && c->ts_word == TS_1MS && ns < 1000000 && !c->min)
		say(w, " early");
	else if (c->ret == -ETIME && c->ts_word == TS_2MS && ns < 2000000 && !c->min)
		say(w, " early");
	if (c->ret == -ETIME && c->min && ts_ends(c->ts_word) && ns < c->min * 1000ull &&
	    c->ts_word == TS_25MS)
		say(w, " below-min");
}

static void call_guarded(struct world *w, struct call *c)
{
	long before;

	chain_end(c->s);
	arrival_start(w);
	c->cqe = CQE_SENTINEL;
	before = perf_read(w->perf);
	errno = ERRNO_SENTINEL;
	c->start_ns = now_ns();
	if (w->mode == MODE_JUMP && sigsetjmp(*jump_arm(), 1)) {
		c->jumped = true;
		c->err = ERRNO_SENTINEL;
	} else {
		wait_call(c);
		c->err = errno;
	}
	c->end_ns = now_ns();
	jump_disarm();
	c->enters = before < 0 || c->jumped ? -1 : perf_read(w->perf) - before;
	arrival_stop(w);
}

void op_wait(struct world *w, const struct line *l)
{
	const struct wait_property *prop = &wait_property[l->op->tag];
	struct call c = {
		.fn = l->op->tag,
		.s = slot_live(w, l->v[K_R]),
		.nr = l->v[K_NR],
		.sub = l->v[K_SUB],
		.min = l->v[K_MIN],
		.n = l->v[K_N],
		.ts_word = l->v[K_TS],
		.mask_word = l->v[K_MASK],
	};

	if (!c.s)
		return;
	if (FUZZ_LU < prop->since) {
		say(w, " n/a");
		return;
	}
	if (c.fn == WAIT_CQE || c.fn == WAIT_TIMEOUT)
		c.nr = 1;
	wait_mask(&c);
	if (!guard(w, &c)) {
		say(w, " left-out");
		return;
	}
	wait_timeout(&c);
	call_guarded(w, &c);
	say_result(w, &c);
	say_time(w, &c);
}
