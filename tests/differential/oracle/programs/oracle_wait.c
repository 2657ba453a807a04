/* SPDX-License-Identifier: MIT */
/*
 * Every timed wait of liburing, crossed with what there is to wait for, how
 * much of it is asked for, what lies unsubmitted, and for how long.
 */
#include "oracle.h"

/* Small enough that more completions can be asked for than the CQ holds. */
#define ENTRIES	     4
#define MORE_THAN_CQ (2 * ENTRIES + 1)

static const unsigned counts[] = { 0, 1, 2, MORE_THAN_CQ };

static void ask_new_ring(const struct question *q)
{
	struct io_uring ring;

	make_ring(&ring, ENTRIES, 0);
	put_question(&ring, q, "");
	io_uring_queue_exit(&ring);
}

static void cross(enum call call, unsigned ready, bool min_wait)
{
	struct question q = { .call = call, .ready = ready, .min_wait = min_wait };
	unsigned i;

	if (!has_call(call)) {
		skip(call_names[call], "this liburing does not have it");
		return;
	}
	for (i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		q.nr = counts[i];
		if (call == WAIT_CQE_TIMEOUT && q.nr != 1)
			continue;
		for (q.work = 0; q.work < NR_WORK; q.work++)
			for (q.limit = 0; q.limit < NR_LIMITS; q.limit++)
				ask_new_ring(&q);
	}
}

/* clang-format off */
#define CROSS(name, call, ready, min_wait) \
	static void name(void) { cross(call, ready, min_wait); }
/* clang-format on */

CROSS(wct0, WAIT_CQE_TIMEOUT, 0, false)
CROSS(wct1, WAIT_CQE_TIMEOUT, 1, false)
CROSS(wc0, WAIT_CQES, 0, false)
CROSS(wc1, WAIT_CQES, 1, false)
CROSS(saw0, SAW_TIMEOUT, 0, false)
CROSS(saw1, SAW_TIMEOUT, 1, false)
CROSS(wcm0, WAIT_CQES_MIN, 0, false)
CROSS(wcm1, WAIT_CQES_MIN, 1, false)
CROSS(wcm0m, WAIT_CQES_MIN, 0, true)
CROSS(wcm1m, WAIT_CQES_MIN, 1, true)
CROSS(sawm0, SAW_MIN, 0, false)
CROSS(sawm1, SAW_MIN, 1, false)
CROSS(sawm0m, SAW_MIN, 0, true)
CROSS(sawm1m, SAW_MIN, 1, true)

/* Two seconds written as nanoseconds are two seconds. */
static void big_nsec(void)
{
	struct __kernel_timespec ts = { .tv_nsec = 2000000000 };
	struct stopwatch watch;
	struct io_uring ring;
	struct sight s;
	int ret;

	make_ring(&ring, ENTRIES, 0);
	look(&s, &ring, "2e9ns runs out");
	start_clock(&watch);
	ret = io_uring_wait_cqe_timeout(&ring, &s.cqe, &ts);
	s.no_clock = true;
	tell_more(&s, ret, "%s", strcmp(elapsed(&watch), "long") ? "too early" : "in time");
	io_uring_queue_exit(&ring);
}

/* What is waited for may not be changed by the wait. */
static void arguments_kept(void)
{
	struct __kernel_timespec ts, was;
	sigset_t mask, mask_was;
	struct io_uring ring;
	struct sight s;
	int ret;

	sigemptyset(&mask);
	sigaddset(&mask, SIGUSR1);
	mask_was = mask;
	was = ts = after_ms(ARRIVE_MS);
	make_ring(&ring, ENTRIES, 0);
	look(&s, &ring, "wait_cqes keeps its arguments");
	ret = io_uring_wait_cqes(&ring, &s.cqe, 1, &ts, &mask);
	tell_more(&s, ret, "ts=%s mask=%s", memcmp(&ts, &was, sizeof(ts)) ? "changed" : "kept",
		  memcmp(&mask, &mask_was, sizeof(mask)) ? "changed" : "kept");
	io_uring_queue_exit(&ring);
}

/* The timeout may lie in memory that the program must not, and cannot, write. */
static void constant_timeout(void)
{
	static const struct __kernel_timespec ts = { .tv_nsec = 1000000 };
	struct io_uring ring;
	struct sight s;

	make_ring(&ring, ENTRIES, 0);
	look(&s, &ring, "1ms from read-only memory");
	s.coarse_clock = true;
	tell(&s, io_uring_wait_cqe_timeout(&ring, &s.cqe, (void *)&ts));
	io_uring_queue_exit(&ring);
}

/* liburing once marked its own timeouts with this value; programs may use it. */
static void old_timeout_mark(void)
{
	struct __kernel_timespec ts = after_ms(T_MS);
	struct io_uring ring;
	struct sight s;

	make_ring(&ring, ENTRIES, 0);
	put_nops(&ring, 1, 0);
	ring.sq.sqes[0].user_data = LIBURING_UDATA_TIMEOUT;
	look(&s, &ring, "user_data of LIBURING_UDATA_TIMEOUT");
	tell(&s, io_uring_submit_and_wait_timeout(&ring, &s.cqe, 1, &ts, NULL));
	io_uring_queue_exit(&ring);
}

/* One ring, one thread, many waits: nothing may be used up. */
static void thousand_waits(void)
{
	struct __kernel_timespec zero = { 0, 0 }, tiny = { 0, 1000 };
	struct io_uring ring;
	struct sight s;
	int i, ret = 0, odd = 0;

	make_ring(&ring, ENTRIES, 0);
	look(&s, &ring, "a thousand waits");
	for (i = 0; i < 1000; i++) {
		ret = io_uring_wait_cqe_timeout(&ring, &s.cqe, i & 1 ? &zero : &tiny);
		odd += ret != -ETIME;
	}
	s.no_clock = true;
	tell_more(&s, ret, "odd=%d", odd);

	look(&s, &ring, "a thousand submits");
	for (i = odd = 0; i < 1000; i++) {
		put_nops(&ring, 1, UD_NOP);
		ret = io_uring_submit_and_wait_timeout(&ring, &s.cqe, 1, &tiny, NULL);
		odd += ret != 1 || !s.cqe || s.cqe->user_data != UD_NOP;
		io_uring_cqe_seen(&ring, s.cqe);
	}
	s.no_clock = true;
	tell_more(&s, ret, "odd=%d", odd);
	io_uring_queue_exit(&ring);
}

/* Waits on one ring whose state is carried from each to the next. */
static void one_after_the_other(void)
{
	struct question q = { .call = SAW_TIMEOUT, .nr = 2, .limit = T };
	struct io_uring ring;

	make_ring(&ring, ENTRIES, 0);
	q.work = ONE_NOP;
	put_question(&ring, &q, "1 ");
	q.work = ONE_STUCK;
	put_question(&ring, &q, "2 ");
	q.call = WAIT_CQES;
	q.work = NOTHING;
	put_question(&ring, &q, "3 ");
	unstick();
	q.limit = LONG;
	q.no_late = true;
	put_question(&ring, &q, "4 ");
	drain(&ring);
	q.limit = ZERO;
	put_question(&ring, &q, "5 ");
	q.call = SAW_TIMEOUT;
	q.work = SHORT;
	put_question(&ring, &q, "6 ");
	q.work = NOTHING;
	put_question(&ring, &q, "7 the rest of the short submit ");
	io_uring_queue_exit(&ring);
}

/* clang-format off */
const struct scenario scenarios[] = {
	{ "wait_cqe_timeout.empty", wct0 },
	{ "wait_cqe_timeout.ready", wct1 },
	{ "wait_cqes.empty", wc0 },
	{ "wait_cqes.ready", wc1 },
	{ "submit_and_wait_timeout.empty", saw0 },
	{ "submit_and_wait_timeout.ready", saw1 },
	{ "wait_cqes_min_timeout.empty", wcm0 },
	{ "wait_cqes_min_timeout.ready", wcm1 },
	{ "wait_cqes_min_timeout.empty.min", wcm0m },
	{ "wait_cqes_min_timeout.ready.min", wcm1m },
	{ "submit_and_wait_min_timeout.empty", sawm0 },
	{ "submit_and_wait_min_timeout.ready", sawm1 },
	{ "submit_and_wait_min_timeout.empty.min", sawm0m },
	{ "submit_and_wait_min_timeout.ready.min", sawm1m },
	{ "big_nsec", big_nsec },
	{ "arguments_kept", arguments_kept },
	{ "constant_timeout", constant_timeout },
	{ "old_timeout_mark", old_timeout_mark },
	{ "thousand_waits", thousand_waits },
	{ "one_after_the_other", one_after_the_other },
	{ NULL, NULL }
};
/* clang-format on */
