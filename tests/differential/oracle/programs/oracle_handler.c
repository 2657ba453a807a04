/* SPDX-License-Identifier: MIT */
/* Signal handlers that wait themselves, and handlers that never come back. */
#include <setjmp.h>

#include "oracle.h"

#define ENTRIES 4

/* What the handler did; it must not print, so it is told afterwards. */
static struct {
	void (*act)(void);
	struct io_uring *ring;
	double ms;
	int runs, ret;
	bool got_cqe;
	const char *time;
} handler;

static sigjmp_buf way_out;

static void on_signal(int sig)
{
	int was = errno;

	(void)sig;
	handler.runs++;
	handler.act();
	errno = was;
}

static void act_wait(void)
{
	struct __kernel_timespec ts = after_ms(handler.ms);
	struct io_uring_cqe *cqe = NULL;
	struct stopwatch watch;

	start_clock(&watch);
	handler.ret = io_uring_wait_cqe_timeout(handler.ring, &cqe, &ts);
	handler.got_cqe = cqe != NULL;
	handler.time = elapsed(&watch);
}

static void act_submit(void)
{
	struct __kernel_timespec ts = after_ms(handler.ms);
	struct io_uring_cqe *cqe = NULL;

	put_nops(handler.ring, 1, UD_NOP);
	handler.ret = io_uring_submit_and_wait_timeout(handler.ring, &cqe, 1, &ts, NULL);
	handler.got_cqe = cqe != NULL;
	handler.time = "any";
}

static void act_submit_and_take(void)
{
	act_submit();
	drain(handler.ring);
}

static void act_jump(void)
{
	siglongjmp(way_out, 1);
}

/* The second handler interrupts the wait of the first. */
static void act_wait_interrupted(void)
{
	act_wait();
}

static volatile sig_atomic_t inner_runs;
static int inner_ret;

static void on_inner_signal(int sig)
{
	struct __kernel_timespec zero = { 0, 0 };
	struct io_uring_cqe *cqe;

	(void)sig;
	inner_runs++;
	inner_ret = io_uring_wait_cqe_timeout(handler.ring, &cqe, &zero);
}

static timer_t new_timer(int sig)
{
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = sig };
	timer_t timer;

	if (timer_create(CLOCK_MONOTONIC, &event, &timer))
		must(-errno, "timer_create");
	return timer;
}

static void fire(timer_t timer, double ms)
{
	struct __kernel_timespec ts = after_ms(ms);
	struct itimerspec in = { { 0, 0 }, { ts.tv_sec, ts.tv_nsec } };

	if (timer_settime(timer, 0, &in, NULL))
		must(-errno, "timer_settime");
}

static timer_t prepare_handler(void (*act)(void), struct io_uring *ring, double ms)
{
	struct sigaction action = { .sa_handler = on_signal };

	memset(&handler, 0, sizeof(handler));
	handler.act = act;
	handler.ring = ring;
	handler.ms = ms;
	handler.time = "never";
	sigaction(SIGUSR1, &action, NULL);
	return new_timer(SIGUSR1);
}

static void tell_handler(struct sight *s, int ret)
{
	tell_more(s, ret, "handler: runs=%d ret=%s cqe=%s time=%s", handler.runs,
		  errname(handler.ret), handler.got_cqe ? "some" : "NULL", handler.time);
}

/* A wait of time T on ring, interrupted by the handler, and then one that is not. */
static void interrupted(struct io_uring *ring, timer_t timer, enum call call, enum work work)
{
	struct question q = { .call = call, .nr = 1, .limit = T, .work = work };
	struct sight s;

	prepare(&s, ring, &q, "interrupted ");
	fire(timer, ARRIVE_MS);
	tell_handler(&s, ask(&s, &q));
	drain(ring);
	q.work = NOTHING;
	put_question(ring, &q, "afterwards ");
	q.limit = ZERO;
	put_question(ring, &q, "and then ");
}

static void waits_on(void (*act)(void), double ms, bool other_ring)
{
	struct io_uring ring, other;
	enum call call;
	timer_t timer;

	for (call = 0; call < NR_CALLS; call++) {
		if (!has_call(call))
			continue;
		make_ring(&ring, ENTRIES, 0);
		make_ring(&other, ENTRIES, 0);
		timer = prepare_handler(act, other_ring ? &other : &ring, ms);
		interrupted(&ring, timer, call, NOTHING);
		handler.runs = 0;
		interrupted(&ring, timer, call, ONE_STUCK);
		timer_delete(timer);
		io_uring_queue_exit(&other);
		io_uring_queue_exit(&ring);
	}
}

/* clang-format off */
static void same_ring(void)	{ waits_on(act_wait, MIN_WAIT_MS, false); }
static void same_ring_zero(void)	{ waits_on(act_wait, 0, false); }
static void other_ring(void)	{ waits_on(act_wait, MIN_WAIT_MS, true); }
static void submits_same(void)	{ waits_on(act_submit, MIN_WAIT_MS, false); }
static void submits_other(void)	{ waits_on(act_submit, MIN_WAIT_MS, true); }
static void takes_it(void)	{ waits_on(act_submit_and_take, MIN_WAIT_MS, false); }
/* clang-format on */

/* A wait in a handler in a wait in a handler in a wait. */
static void two_deep(void)
{
	struct sigaction action = { .sa_handler = on_inner_signal };
	struct question q = { .call = WAIT_CQES, .nr = 1, .limit = T };
	struct io_uring ring;
	struct sight s;
	timer_t outer, inner;
	int ret;

	make_ring(&ring, ENTRIES, 0);
	outer = prepare_handler(act_wait_interrupted, &ring, T_MS);
	sigaction(SIGUSR2, &action, NULL);
	inner = new_timer(SIGUSR2);
	prepare(&s, &ring, &q, "");
	fire(outer, ARRIVE_MS);
	fire(inner, MIN_WAIT_MS);
	ret = ask(&s, &q);
	tell_handler(&s, ret);
	say("/inner: runs=%d ret=%s", (int)inner_runs, errname(inner_ret));
	put_question(&ring, &q, "afterwards ");
	io_uring_queue_exit(&ring);
}

/* The handler runs when its thread waits for nothing. */
static void between_waits(void)
{
	struct question q = { .call = WAIT_CQES, .nr = 1, .limit = T };
	struct io_uring ring;

	make_ring(&ring, ENTRIES, 0);
	prepare_handler(act_wait, &ring, MIN_WAIT_MS);
	put_question(&ring, &q, "before ");
	raise(SIGUSR1);
	say("/handler: runs=%d ret=%s time=%s", handler.runs, errname(handler.ret), handler.time);
	put_question(&ring, &q, "after ");
	io_uring_queue_exit(&ring);
}

/* Leaves a wait by siglongjmp: the wait's function never returns. */
static void jump_out_of(const struct question *q, struct io_uring *ring, timer_t timer)
{
	volatile int jumped = 0;
	struct sight s;

	prepare(&s, ring, q, "left ");
	if (sigsetjmp(way_out, 1))
		jumped = 1;
	else
		fire(timer, ARRIVE_MS), ask(&s, q);
	tell_more(&s, 0, "jumped=%d", jumped);
}

static void jump(void)
{
	struct question q = { .nr = 1 };
	struct io_uring ring;
	timer_t timer;

	for (q.call = 0; q.call < NR_CALLS; q.call++) {
		if (!has_call(q.call))
			continue;
		make_ring(&ring, ENTRIES, 0);
		timer = prepare_handler(act_jump, &ring, 0);
		q.limit = T;
		q.work = ONE_STUCK;
		jump_out_of(&q, &ring, timer);
		drain(&ring);
		q.work = NOTHING;
		put_question(&ring, &q, "after the jump ");
		q.limit = ZERO;
		put_question(&ring, &q, "again ");
		q.work = ONE_NOP;
		q.limit = LONG;
		q.no_late = true;
		if (submits(q.call))
			put_question(&ring, &q, "and a NOP ");
		q.no_late = false;
		timer_delete(timer);
		io_uring_queue_exit(&ring);
	}
}

/* However often a wait was left, the next one is as it should be. */
static void jump_often(void)
{
	struct __kernel_timespec limit = after_ms(1000), tiny = { 0, 1000 };
	static volatile int i, odd;
	struct question q = { .call = WAIT_CQES, .nr = 1, .limit = T };
	struct io_uring ring;
	struct sight s;
	timer_t timer;

	make_ring(&ring, ENTRIES, 0);
	timer = prepare_handler(act_jump, &ring, 0);
	look(&s, &ring, "200 jumps");
	for (i = 0; i < 200; i++) {
		if (!sigsetjmp(way_out, 1)) {
			fire(timer, 1 / slack());
			io_uring_wait_cqe_timeout(&ring, &s.cqe, &limit);
			odd++;
		}
		odd += io_uring_wait_cqe_timeout(&ring, &s.cqe, &tiny) != -ETIME;
	}
	s.no_clock = true;
	tell_more(&s, 0, "odd=%d", odd);
	put_question(&ring, &q, "afterwards ");
	io_uring_queue_exit(&ring);
}

static void act_wait_then_jump(void)
{
	act_wait();
	siglongjmp(way_out, 1);
}

/* The handler waits, and then leaves two waits behind at once. */
static void wait_and_jump(void)
{
	struct question q = { .call = WAIT_CQES, .nr = 1, .limit = T };
	struct io_uring ring;
	timer_t timer;

	make_ring(&ring, ENTRIES, 0);
	timer = prepare_handler(act_wait_then_jump, &ring, MIN_WAIT_MS);
	jump_out_of(&q, &ring, timer);
	say("/handler: runs=%d ret=%s time=%s", handler.runs, errname(handler.ret), handler.time);
	put_question(&ring, &q, "afterwards ");
	jump_out_of(&q, &ring, timer);
	put_question(&ring, &q, "once more ");
	io_uring_queue_exit(&ring);
}

/* clang-format off */
const struct scenario scenarios[] = {
	{ "waits_on_same_ring", same_ring },
	{ "polls_same_ring", same_ring_zero },
	{ "waits_on_other_ring", other_ring },
	{ "submits_to_same_ring", submits_same },
	{ "submits_to_other_ring", submits_other },
	{ "takes_the_completion", takes_it },
	{ "two_deep", two_deep },
	{ "between_waits", between_waits },
	{ "jump", jump },
	{ "jump_often", jump_often },
	{ "wait_and_jump", wait_and_jump },
	{ NULL, NULL }
};
/* clang-format on */
