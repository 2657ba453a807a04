/* SPDX-License-Identifier: MIT */
/* Questions: one timed wait, in a prepared state, by one of the five functions. */
#include <limits.h>

#include "oracle.h"

/* clang-format off */
const char *const call_names[NR_CALLS] = {
	[WAIT_CQE_TIMEOUT] = "wait_cqe_timeout",
	[WAIT_CQES] = "wait_cqes",
	[SAW_TIMEOUT] = "submit_and_wait_timeout",
	[WAIT_CQES_MIN] = "wait_cqes_min_timeout",
	[SAW_MIN] = "submit_and_wait_min_timeout",
};
/* clang-format on */

/* clang-format off */
const char *const work_names[NR_WORK] = {
	[NOTHING] = "nothing", [ONE_NOP] = "nop", [ONE_STUCK] = "stuck",
	[BATCH] = "batch", [SHORT] = "short",
};
/* clang-format on */

/* clang-format off */
const char *const limit_names[NR_LIMITS] = {
	[ZERO] = "zero", [ONE_NS] = "1ns", [T] = "T", [LONG] = "10s", [NEG_SEC] = "negsec",
	[NEG_NSEC] = "negnsec", [BIG_NSEC] = "2e9ns", [FOREVER] = "forever", [NONE] = "none",
	[BAD] = "badptr",
};
/* clang-format on */

bool has_call(enum call call)
{
	return LIBURING_AT_LEAST(8) || (call != WAIT_CQES_MIN && call != SAW_MIN);
}

bool has_sigmask(enum call call)
{
	return call != WAIT_CQE_TIMEOUT;
}

bool submits(enum call call)
{
	return call == SAW_TIMEOUT || call == SAW_MIN;
}

/* Waits so long that only a completion, or an error, ends them. */
static bool endless(const struct question *q)
{
	return q->limit == LONG || q->limit == BIG_NSEC || q->limit == FOREVER || q->limit == NONE;
}

static struct __kernel_timespec *limit_of(enum limit limit)
{
	static struct __kernel_timespec ts;

	switch (limit) {
	/* clang-format off */
	case ZERO:	ts = (struct __kernel_timespec) { 0, 0 }; break;
	case ONE_NS:	ts = (struct __kernel_timespec) { 0, 1 }; break;
	case T:		ts = after_ms(T_MS); break;
	case LONG:	ts = (struct __kernel_timespec) { 10, 0 }; break;
	case NEG_SEC:	ts = (struct __kernel_timespec) { -1, 0 }; break;
	case NEG_NSEC:	ts = (struct __kernel_timespec) { 0, -1 }; break;
	case BIG_NSEC:	ts = (struct __kernel_timespec) { 0, 2000000000 }; break;
	case FOREVER:	ts = (struct __kernel_timespec) { LLONG_MAX, 0 }; break;
	case BAD:	return BAD_POINTER;
	default:	return NULL;
		/* clang-format on */
	}
	return &ts;
}

/* How many completions must still come from outside for an endless wait to end. */
static unsigned missing(struct io_uring *ring, const struct question *q)
{
	unsigned entries = *ring->cq.kring_entries;
	unsigned enough = q->nr < entries ? q->nr : entries;
	unsigned have = q->ready;

	if (submits(q->call)) {
		if (q->work == BATCH)
			have += *ring->sq.kring_entries;
		else if (q->work == ONE_NOP || q->work == SHORT)
			have++;
	}
	return enough > have ? enough - have : 0;
}

static void put_work(struct io_uring *ring, enum work work)
{
	struct io_uring_sqe *sqe;

	switch (work) {
	case ONE_NOP:
		put_nops(ring, 1, UD_NOP);
		break;
	case ONE_STUCK:
		put_stuck(ring, UD_STUCK);
		break;
	case BATCH:
		put_nops(ring, *ring->sq.kring_entries, UD_NOP);
		break;
	case SHORT:
		/* The kernel stops submitting at an SQE that it cannot read. */
		sqe = next_sqe(ring, UD_BAD);
		sqe->opcode = 0xff;
		put_nops(ring, 1, UD_NOP);
		break;
	default:
		break;
	}
}

void prepare(struct sight *s, struct io_uring *ring, const struct question *q, const char *prefix)
{
	struct stopwatch watch;
	/* On few CPUs a thread that spins leaves little time to the others. */
	bool spins = (ring->flags & IORING_SETUP_SQPOLL) && !sqpoll_sleeps;

	complete_nops(ring, q->ready, UD_READY);
	start_clock(&watch);
	if (endless(q) && !q->no_late)
		arrive_later(ring, missing(ring, q), spins ? T_MS : ARRIVE_MS);
	put_work(ring, q->work);
	look(s, ring, "%s%s/ready%u/nr%u/%s/%s%s", prefix, call_names[q->call], q->ready, q->nr,
	     work_names[q->work], limit_names[q->limit], q->min_wait ? "/min" : "");
	s->watch = watch;
	s->coarse_clock = ring->flags & IORING_SETUP_SQPOLL;
	s->no_clock = spins && endless(q);
}

int ask(struct sight *s, const struct question *q)
{
	struct __kernel_timespec *ts = limit_of(q->limit);
	unsigned min_wait = q->min_wait ? MIN_WAIT_MS * 1000 * slack() : 0;

	switch (q->call) {
	case WAIT_CQE_TIMEOUT:
		return io_uring_wait_cqe_timeout(s->ring, &s->cqe, ts);
	case WAIT_CQES:
		return io_uring_wait_cqes(s->ring, &s->cqe, q->nr, ts, q->sigmask);
	case SAW_TIMEOUT:
		return io_uring_submit_and_wait_timeout(s->ring, &s->cqe, q->nr, ts, q->sigmask);
#if LIBURING_AT_LEAST(8)
	case WAIT_CQES_MIN:
		return io_uring_wait_cqes_min_timeout(s->ring, &s->cqe, q->nr, ts, min_wait,
						      q->sigmask);
	case SAW_MIN:
		return io_uring_submit_and_wait_min_timeout(s->ring, &s->cqe, q->nr, ts, min_wait,
							    q->sigmask);
#endif
	default:
		(void)min_wait;
		must(-ENOSYS, "a function that this liburing lacks");
		return 0;
	}
}

void put_question(struct io_uring *ring, const struct question *q, const char *prefix)
{
	struct sight s;

	prepare(&s, ring, q, prefix);
	tell(&s, ask(&s, q));
}

const struct question short_wait = { .call = WAIT_CQES, .nr = 1, .limit = T };
const struct question poll_now = { .call = WAIT_CQES, .nr = 1, .limit = ZERO };
const struct question submit_one = {
	.call = SAW_TIMEOUT, .nr = 1, .work = ONE_NOP, .limit = LONG, .no_late = true
};

void three_questions(struct io_uring *ring, const char *prefix)
{
	put_question(ring, &short_wait, prefix);
	put_question(ring, &poll_now, prefix);
	put_question(ring, &submit_one, prefix);
	drain(ring);
}

/* ready, nr, work, limit: what every kind of ring is asked. */
static const struct question dozen[] = {
	{ .nr = 1, .limit = T },
	{ .nr = 1, .limit = ZERO },
	{ .nr = 1, .limit = LONG },
	{ .nr = 1, .limit = NONE },
	{ .nr = 0, .limit = T },
	{ .ready = 1, .nr = 1, .limit = T },
	{ .ready = 1, .nr = 2, .limit = ZERO },
	{ .ready = 1, .nr = 2, .limit = T },
	{ .ready = 2, .nr = 2, .limit = ZERO },
	{ .nr = 1, .work = ONE_NOP, .limit = T },
	{ .nr = 2, .work = ONE_NOP, .limit = T },
	{ .nr = 1, .work = ONE_STUCK, .limit = ZERO },
	{ .nr = 1, .work = ONE_STUCK, .limit = T },
	{ .ready = 1, .nr = 1, .work = ONE_NOP, .limit = T },
	{ .nr = 3, .work = BATCH, .limit = LONG },
	{ .nr = 2, .work = SHORT, .limit = T },
	{ .nr = 1, .work = ONE_NOP, .limit = BAD },
	{ .nr = 1, .limit = BAD },
};

void exam(const char *prefix, void (*make)(struct io_uring *), unsigned calls, bool no_late)
{
	struct io_uring ring;
	struct question q;
	unsigned i, call;

	for (call = 0; call < NR_CALLS; call++) {
		if (!(calls & (1u << call)) || !has_call(call))
			continue;
		for (i = 0; i < sizeof(dozen) / sizeof(dozen[0]); i++) {
			q = dozen[i];
			q.call = call;
			q.no_late = no_late;
			if (call == WAIT_CQE_TIMEOUT && q.nr != 1)
				continue;
			/* What is not submitted changes nothing: once is enough. */
			if (!submits(call) && q.limit == T &&
			    (q.work == ONE_NOP || q.work == SHORT))
				continue;
			/* Nothing would ever end this wait. */
			if (no_late && endless(&q))
				continue;
			make(&ring);
			/*
			 * Whether the thread is done before a call that does not wait is not
			 * determined.
			 */
			if (!(ring.flags & IORING_SETUP_SQPOLL) || !q.work ||
			    (q.limit != BAD && q.limit != ZERO))
				put_question(&ring, &q, prefix);
			io_uring_queue_exit(&ring);
		}
	}
}
