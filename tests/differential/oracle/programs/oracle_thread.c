/* SPDX-License-Identifier: MIT */
/* Rings and threads: who may wait, how many at once, and how threads end. */
#include <limits.h>
#include <pthread.h>

#include "oracle.h"

#define ENTRIES 4
#define DEFER	(IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN)

static void in_thread(void *(*body)(void *), void *arg)
{
	pthread_t thread;

	must(-pthread_create(&thread, NULL, body, arg), "pthread_create");
	pthread_join(thread, NULL);
}

/* ---- a ring made by one thread and used by another ---------------------------------------- */

struct visit {
	struct io_uring *ring;
	const char *prefix;
	bool no_late;
};

static void *ask_them_all(void *arg)
{
	struct visit *visit = arg;
	struct question q = { .nr = 1, .no_late = visit->no_late };

	for (q.call = 0; q.call < NR_CALLS; q.call++) {
		if (!has_call(q.call))
			continue;
		q.work = NOTHING;
		q.limit = T;
		put_question(visit->ring, &q, visit->prefix);
		q.limit = ZERO;
		put_question(visit->ring, &q, visit->prefix);
		q.work = ONE_NOP;
		put_question(visit->ring, &q, visit->prefix);
		drain(visit->ring);
	}
	return NULL;
}

static void visited(unsigned flags)
{
	struct io_uring ring;
	struct visit visit = { &ring, "owner ", true };

	make_ring(&ring, 64, flags);
	ask_them_all(&visit);
	visit.prefix = "visitor ";
	in_thread(ask_them_all, &visit);
	visit.prefix = "owner again ";
	ask_them_all(&visit);
	io_uring_queue_exit(&ring);
}

/* clang-format off */
static void visited_plain(void)		{ visited(0); }
static void visited_single(void)	{ visited(IORING_SETUP_SINGLE_ISSUER); }
static void visited_defer(void)		{ visited(DEFER); }
static void visited_iopoll(void)	{ visited(IORING_SETUP_IOPOLL); }
/* clang-format on */

/* The visitor has never had a ring, and the creator's fd index means nothing to it. */
static void visited_registered(void)
{
	struct io_uring ring;
	struct visit visit = { &ring, "visitor ", true };

	make_ring(&ring, 64, 0);
	must(io_uring_register_ring_fd(&ring), "io_uring_register_ring_fd");
	put_question(&ring, &short_wait, "owner ");
	in_thread(ask_them_all, &visit);
	put_question(&ring, &short_wait, "owner ");
	io_uring_queue_exit(&ring);
}

static void *enable_and_ask(void *arg)
{
	struct visit *visit = arg;

	say("/enable: ret=%s", errname(enable_ring(visit->ring)));
	return ask_them_all(arg);
}

/* Who enables a ring owns it. */
static void enabled_elsewhere(void)
{
	struct io_uring ring;
	struct visit visit = { &ring, "enabler ", true };

	make_ring(&ring, 64, DEFER | IORING_SETUP_R_DISABLED);
	put_question(&ring, &short_wait, "disabled ");
	in_thread(enable_and_ask, &visit);
	visit.prefix = "creator ";
	ask_them_all(&visit);
	io_uring_queue_exit(&ring);
}

static void *make_and_leave(void *arg)
{
	make_ring(arg, ENTRIES, 0);
	put_question(arg, &short_wait, "creator ");
	return NULL;
}

/* The thread that made it is gone. */
static void orphaned(void)
{
	struct io_uring ring;

	in_thread(make_and_leave, &ring);
	put_question(&ring, &short_wait, "next thread ");
	io_uring_queue_exit(&ring);
}

/* ---- at the same time ------------------------------------------------------------------------ */

#define CROWD 80

static struct member {
	pthread_t thread;
	struct io_uring own, *ring;
	struct __kernel_timespec limit;
	const char *time;
	int made, ret;
	bool got_cqe;
} crowd[CROWD];

static pthread_barrier_t barrier;

static void *wait_in_crowd(void *arg)
{
	struct member *me = arg;
	struct io_uring_cqe *cqe = NULL;
	struct stopwatch watch;

	me->made = me->ring ? 0 : io_uring_queue_init(ENTRIES, &me->own, 0);
	pthread_barrier_wait(&barrier);
	start_clock(&watch);
	me->ret = io_uring_wait_cqe_timeout(me->ring ? me->ring : &me->own, &cqe, &me->limit);
	me->time = elapsed(&watch);
	me->got_cqe = cqe != NULL;
	pthread_barrier_wait(&barrier);
	if (!me->ring && !me->made)
		io_uring_queue_exit(&me->own);
	return NULL;
}

/* More threads than anybody has kept room for wait at once. */
static void crowd_waits(int size, struct io_uring *ring, const char *what, double ms, double ms2)
{
	int i, counted = 0, odd = 0;

	pthread_barrier_init(&barrier, NULL, size);
	for (i = 0; i < size; i++) {
		crowd[i] = (struct member){ .ring = ring, .limit = after_ms(i & 1 ? ms2 : ms) };
		must(-pthread_create(&crowd[i].thread, NULL, wait_in_crowd, &crowd[i]),
		     "pthread_create");
	}
	for (i = 0; i < size; i++)
		pthread_join(crowd[i].thread, NULL);
	for (i = 0; i < size; i++) {
		counted += crowd[i].made == 0;
		odd += crowd[i].ret != crowd[0].ret || crowd[i].got_cqe != crowd[0].got_cqe;
		if (!crowd[i].ret)
			continue;
		/* It may be late, because of the scheduler; it must never be early. */
		odd += atoi(crowd[i].time) < (i & 1 ? ms2 : ms) && strcmp(crowd[i].time, "long") &&
		       strcmp(crowd[i].time, "unsure");
	}
	say("/%s: rings=%d ret=%s cqe=%s odd=%d", what, counted, errname(crowd[0].ret),
	    crowd[0].got_cqe ? "some" : "NULL", odd);
	pthread_barrier_destroy(&barrier);
}

static void crowd_own_rings(void)
{
	crowd_waits(CROWD, NULL, "eighty", T_MS, 2 * T_MS);
	crowd_waits(CROWD, NULL, "eighty again", 2 * T_MS, T_MS);
	crowd_waits(2, NULL, "two", T_MS, 2 * T_MS);
}

static void crowd_one_ring(void)
{
	struct io_uring ring;

	make_ring(&ring, ENTRIES, 0);
	crowd_waits(CROWD, &ring, "eighty", T_MS, 2 * T_MS);
	crowd_waits(2, &ring, "two", T_MS, 2 * T_MS);
	arrive_later(&ring, 1, T_MS);
	/* Nobody takes the completion, so everybody sees it. */
	crowd_waits(4, &ring, "one completion", 1000, 1000);
	put_question(&ring, &short_wait, "afterwards ");
	io_uring_queue_exit(&ring);
}

static void *one_tiny_wait(void *arg)
{
	struct __kernel_timespec tiny = { 0, 1000 };
	struct io_uring_cqe *cqe;
	struct io_uring own;
	int *odd = arg;

	make_ring(&own, ENTRIES, 0);
	*odd += io_uring_wait_cqe_timeout(&own, &cqe, &tiny) != -ETIME;
	io_uring_queue_exit(&own);
	return NULL;
}

/* Many threads, one after the other: what a thread took is given back. */
static void succession(void)
{
	int i, odd = 0;

	for (i = 0; i < 300; i++)
		in_thread(one_tiny_wait, &odd);
	say("/three hundred: odd=%d", odd);
}

static void *write_soon(void *arg)
{
	(void)arg;
	sleep_ms(ARRIVE_MS);
	unstick();
	return NULL;
}

/* Another thread causes the completion. */
static void fed(unsigned flags, const char *prefix)
{
	struct question q = { .nr = 1, .work = ONE_STUCK, .limit = LONG, .no_late = true };
	struct io_uring ring;
	struct sight s;
	pthread_t thread;
	int ret;

	for (q.call = SAW_TIMEOUT; q.call < NR_CALLS; q.call++) {
		if (!has_call(q.call) || !submits(q.call))
			continue;
		make_ring(&ring, ENTRIES, flags);
		prepare(&s, &ring, &q, prefix);
		must(-pthread_create(&thread, NULL, write_soon, NULL), "pthread_create");
		ret = ask(&s, &q);
		s.coarse_clock = true;
		tell(&s, ret);
		pthread_join(thread, NULL);
		io_uring_queue_exit(&ring);
	}
}

static void fed_by_thread(void)
{
	fed(0, "plain ");
	fed(DEFER, "defer ");
	fed(IORING_SETUP_COOP_TASKRUN, "coop ");
}

/* ---- small and dying threads ---------------------------------------------------------------- */

static void *wait_once(void *arg)
{
	struct io_uring_cqe *cqe;
	struct __kernel_timespec ts = after_ms(MIN_WAIT_MS);
	int *ret = arg;
	struct io_uring own;

	*ret = io_uring_queue_init(ENTRIES, &own, 0);
	if (!*ret)
		*ret = io_uring_wait_cqe_timeout(&own, &cqe, &ts);
	return NULL;
}

static void small_stack(void)
{
	pthread_attr_t attr;
	pthread_t thread;
	int ret = 0;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, PTHREAD_STACK_MIN);
	must(-pthread_create(&thread, &attr, wait_once, &ret), "pthread_create");
	pthread_join(thread, NULL);
	say("/wait: ret=%s", errname(ret));
}

static struct io_uring last_ring;
static pthread_key_t last_key;

static void wait_at_the_end(void *arg)
{
	static int rounds;

	put_question(&last_ring, &short_wait, "destructor ");
	/* Some destructors run again, after others have had their turn. */
	if (++rounds < 3)
		pthread_setspecific(last_key, arg);
}

static void *set_destructor(void *arg)
{
	pthread_setspecific(last_key, arg);
	put_question(&last_ring, &short_wait, "thread ");
	return NULL;
}

/* A thread that waits while it is being taken apart. */
static void destructor(void)
{
	make_ring(&last_ring, ENTRIES, 0);
	pthread_key_create(&last_key, wait_at_the_end);
	in_thread(set_destructor, &last_ring);
	put_question(&last_ring, &short_wait, "main ");
	io_uring_queue_exit(&last_ring);
}

static void wait_atexit(void)
{
	put_question(&last_ring, &short_wait, "atexit ");
}

static void at_exit(void)
{
	make_ring(&last_ring, ENTRIES, 0);
	atexit(wait_atexit);
	put_question(&last_ring, &short_wait, "main ");
}

static void *wait_to_be_cancelled(void *arg)
{
	struct io_uring_cqe *cqe;
	struct __kernel_timespec ts = after_ms(2 * T_MS);
	static int ret;

	ret = io_uring_wait_cqe_timeout(arg, &cqe, &ts);
	say("/wait: ret=%s", errname(ret));
	pthread_testcancel();
	return &ret;
}

/* No wait of liburing is a cancellation point. */
static void cancelled(void)
{
	struct io_uring ring;
	pthread_t thread;
	void *result;

	make_ring(&ring, ENTRIES, 0);
	must(-pthread_create(&thread, NULL, wait_to_be_cancelled, &ring), "pthread_create");
	sleep_ms(MIN_WAIT_MS);
	pthread_cancel(thread);
	pthread_join(thread, &result);
	say("/thread: %s", result == PTHREAD_CANCELED ? "cancelled" : "returned");
	put_question(&ring, &short_wait, "main ");
	io_uring_queue_exit(&ring);
}

/* clang-format off */
const struct scenario scenarios[] = {
	{ "visited.plain", visited_plain },
	{ "visited.single", visited_single },
	{ "visited.defer", visited_defer },
	{ "visited.iopoll", visited_iopoll },
	{ "visited.registered", visited_registered },
	{ "enabled_elsewhere", enabled_elsewhere },
	{ "orphaned", orphaned },
	{ "crowd.own_rings", crowd_own_rings },
	{ "crowd.one_ring", crowd_one_ring },
	{ "succession", succession },
	{ "fed_by_thread", fed_by_thread },
	{ "small_stack", small_stack },
	{ "destructor", destructor },
	{ "at_exit", at_exit },
	{ "cancelled", cancelled },
	{ NULL, NULL }
};
/* clang-format on */
