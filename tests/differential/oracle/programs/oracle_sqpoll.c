/* SPDX-License-Identifier: MIT */
/*
 * The questions of oracle_setup to rings whose SQ a kernel thread polls. That
 * thread takes a processor, so few of these should run side by side.
 */
#include "oracle.h"

#define ENTRIES	      4

#define LATE	      false
#define NOTHING_LATE  true

#define WAITS	      (1u << WAIT_CQES | 1u << SAW_TIMEOUT)
#define WAITS_AND_MIN (WAITS | 1u << SAW_MIN)

/* What make() makes at the moment. */
static struct io_uring_params kind;

static void make(struct io_uring *ring)
{
	struct io_uring_params p = kind;

	must(io_uring_queue_init_params(ENTRIES, ring, &p), "io_uring_queue_init_params");
	settle(ring);
	if (sqpoll_sleeps)
		return;
	/* A new thread sleeps until it is given something. */
	complete_nops(ring, 1, UD_NOP);
	drain(ring);
}

static void awake(void)
{
	kind.flags = IORING_SETUP_SQPOLL;
	kind.sq_thread_idle = 1000 * slack();
	exam("", make, ALL_CALLS, LATE);
}

static void asleep(void)
{
	kind.flags = IORING_SETUP_SQPOLL;
	kind.sq_thread_idle = 1;
	sqpoll_sleeps = true;
	/* By the time the thread sleeps again, what was to arrive has arrived. */
	exam("", make, WAITS_AND_MIN, NOTHING_LATE);
}

static void attached(void)
{
	struct io_uring_params p = { .flags = IORING_SETUP_SQPOLL, .sq_thread_idle = 1000 };
	struct io_uring first;

	must(io_uring_queue_init_params(ENTRIES, &first, &p), "io_uring_queue_init_params");
	kind.flags = IORING_SETUP_SQPOLL | IORING_SETUP_ATTACH_WQ;
	kind.wq_fd = first.ring_fd;
	kind.sq_thread_idle = 1000;
	exam("", make, WAITS, LATE);
	io_uring_queue_exit(&first);
}

/* Nothing but polled files can be read here: pipes and timers are refused. */
static void iopoll(void)
{
	kind.flags = IORING_SETUP_IOPOLL | IORING_SETUP_SQPOLL;
	kind.sq_thread_idle = 1000 * slack();
	exam("", make, ALL_CALLS, NOTHING_LATE);
}

/* clang-format off */
const struct scenario scenarios[] = {
	{ "sqpoll.awake", awake },
	{ "sqpoll.asleep", asleep },
	{ "sqpoll.attached", attached },
	{ "sqpoll.iopoll", iopoll },
	{ NULL, NULL }
};
/* clang-format on */
