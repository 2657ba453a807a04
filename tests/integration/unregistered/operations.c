/* SPDX-License-Identifier: MIT */
/*
 * The operations that gain nothing by registering, as an unmodified program does them.
 */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "operations.h"

#define FLAGS	IORING_ENTER_GETEVENTS
#define TIMED	(IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG)
#define INDEXED (TIMED | IORING_ENTER_REGISTERED_RING)

static struct __kernel_timespec a_second = { .tv_sec = 1 };
static sigjmp_buf out;
struct child_cost *child_cost;

void fail(const char *what, int ret)
{
	fprintf(stderr, "rows: %s: %s (%d)\n", what, ret < 0 ? strerror(-ret) : "?", ret);
	exit(1);
}

double now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e9 + t.tv_nsec;
}

/* One NOP in the submission queue. */
static void one_nop(struct io_uring *ring)
{
	io_uring_prep_nop(io_uring_get_sqe(ring));
}

/* The same, and the kernel may see it: what liburing does before it enters. */
static void one_nop_flushed(struct io_uring *ring)
{
	one_nop(ring);
	ring->sq.sqe_head = ring->sq.sqe_tail;
	io_uring_smp_store_release(ring->sq.ktail, ring->sq.sqe_tail);
}

static void seen(struct io_uring *ring, const char *what, int ret, int want)
{
	if (ret != want || io_uring_cq_ready(ring) != 1)
		fail(what, ret);
	io_uring_cq_advance(ring, 1);
}

static void submit_and_wait(struct io_uring *ring, struct __kernel_timespec *ts)
{
	struct io_uring_cqe *cqe;

	one_nop(ring);
	seen(ring, "submit_and_wait_timeout",
	     io_uring_submit_and_wait_timeout(ring, &cqe, 1, ts, NULL), 1);
}

static void untimed(struct io_uring *ring)
{
	submit_and_wait(ring, NULL);
}

void timed(struct io_uring *ring)
{
	submit_and_wait(ring, &a_second);
}

static void ready(struct io_uring *ring)
{
	struct io_uring_cqe *cqe;
	int ret = io_uring_wait_cqes(ring, &cqe, 1, NULL, NULL);

	if (ret || !cqe)
		fail("wait_cqes", ret);
}

static void by_syscall(struct io_uring *ring)
{
	one_nop_flushed(ring);
	seen(ring, "syscall",
	     syscall(__NR_io_uring_enter, ring->ring_fd, 1, 1, FLAGS, NULL, _NSIG / 8), 1);
}

static void by_enter(struct io_uring *ring)
{
	one_nop_flushed(ring);
	seen(ring, "io_uring_enter", io_uring_enter(ring->ring_fd, 1, 1, FLAGS, NULL), 1);
}

static void by_enter2(struct io_uring *ring)
{
	one_nop_flushed(ring);
	seen(ring, "io_uring_enter2", io_uring_enter2(ring->ring_fd, 1, 1, FLAGS, NULL, _NSIG / 8),
	     1);
}

/* enter(2) waits with a timeout: its argument is a structure. */
static struct io_uring_getevents_arg timed_argument(void)
{
	return (struct io_uring_getevents_arg){ .ts = (unsigned long)&a_second };
}

static void timed_by_syscall(struct io_uring *ring)
{
	struct io_uring_getevents_arg arg = timed_argument();

	one_nop_flushed(ring);
	seen(ring, "syscall",
	     syscall(__NR_io_uring_enter, ring->ring_fd, 1, 1, TIMED, &arg, sizeof(arg)), 1);
}

static void timed_by_enter2(struct io_uring *ring)
{
	struct io_uring_getevents_arg arg = timed_argument();

	one_nop_flushed(ring);
	seen(ring, "io_uring_enter2",
	     io_uring_enter2(ring->ring_fd, 1, 1, TIMED, (void *)&arg, sizeof(arg)), 1);
}

static void index_by_syscall(struct io_uring *ring)
{
	struct io_uring_getevents_arg arg = timed_argument();

	one_nop_flushed(ring);
	seen(ring, "syscall",
	     syscall(__NR_io_uring_enter, ring->enter_ring_fd, 1, 1, INDEXED, &arg, sizeof(arg)),
	     1);
}

static void index_by_enter2(struct io_uring *ring)
{
	struct io_uring_getevents_arg arg = timed_argument();

	one_nop_flushed(ring);
	seen(ring, "io_uring_enter2",
	     io_uring_enter2(ring->enter_ring_fd, 1, 1, INDEXED, (void *)&arg, sizeof(arg)), 1);
}

static long faults(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_minflt + usage.ru_majflt;
}

/* A child's first ring and wait; the parent's own rings are not touched. */
void fork_and_wait(struct io_uring *unused)
{
	struct io_uring ring;
	double start;
	long before;
	pid_t child;
	int status;

	(void)unused;
	child = fork();
	if (!child) {
		before = faults();
		start = now_ns();
		if (io_uring_queue_init(8, &ring, 0))
			_exit(1);
		timed(&ring);
		child_cost->ns = now_ns() - start;
		child_cost->faults = faults() - before;
		_exit(0);
	}
	if (child < 0 || waitpid(child, &status, 0) < 0 || status)
		fail("child", -ECHILD);
}

static void make(struct io_uring *ring, unsigned flags)
{
	int ret = io_uring_queue_init(64, ring, flags);
	unsigned i;

	if (ret)
		fail("io_uring_queue_init", ret);
	for (i = 0; ring->sq.array && i < *ring->sq.kring_entries; i++)
		ring->sq.array[i] = i;
}

void one_ring(struct lane *lane)
{
	make(&lane->ring, 0);
}

static void iopoll_ring(struct lane *lane)
{
	make(&lane->ring, IORING_SETUP_IOPOLL);
}

static void ring_with_one(struct lane *lane)
{
	struct io_uring_cqe *cqe;

	one_ring(lane);
	one_nop(&lane->ring);
	if (io_uring_submit_and_wait_timeout(&lane->ring, &cqe, 1, &a_second, NULL) != 1)
		fail("a completion to look at", 0);
}

/* A hundred rings, whose last one is entered by its index. */
static void many_rings(struct lane *lane)
{
	static struct io_uring others[99];
	int i, ret;

	for (i = 0; i < 99; i++)
		make(&others[i], 0);
	one_ring(lane);
	ret = io_uring_register_ring_fd(&lane->ring);
	if (ret == -EINVAL)
		exit(77); /* 5.18 */
	if (ret != 1)
		fail("io_uring_register_ring_fd", ret);
}

/* We go on as a child, on our parent's ring. */
static void inherit(struct lane *lane)
{
	int status;
	pid_t child;

	one_ring(lane);
	timed(&lane->ring);
	child = fork();
	if (!child)
		return;
	if (child < 0 || waitpid(child, &status, 0) < 0 || status)
		fail("child", -ECHILD);
	_exit(0);
}

static void jump(int sig)
{
	(void)sig;
	siglongjmp(out, 1);
}

/* At a lower stack address than any wait that follows. */
static __attribute__((noinline)) void wait_for_jump(struct io_uring *ring)
{
	volatile char deep[4096];
	struct __kernel_timespec ts = { .tv_sec = 100 };
	struct io_uring_cqe *cqe;

	deep[0] = 1;
	io_uring_wait_cqe_timeout(ring, &cqe, &ts);
	fail("jump", deep[0]);
}

static void leave_a_wait(struct lane *lane)
{
	struct itimerval soon = { .it_value.tv_usec = 50000 };

	one_ring(lane);
	timed(&lane->ring);
	signal(SIGALRM, jump);
	if (!sigsetjmp(out, 1)) {
		setitimer(ITIMER_REAL, &soon, NULL);
		wait_for_jump(&lane->ring);
	}
}

/* SWITCH_OFF knows us by our process id. */
static void switched_off(struct lane *lane)
{
	const char *command = getenv("SWITCH_OFF");
	char line[4096];

	one_ring(lane);
	timed(&lane->ring);
	if (!command)
		return;
	snprintf(line, sizeof(line), "env -u LD_PRELOAD %s %d off", command, getpid());
	if (system(line))
		fail(line, 0);
}

/* clang-format off */
const struct row rows[] = {
	{ "untimed",		untimed,	  one_ring, false, 2000 },
	{ "untimed-thread",	untimed,	  one_ring, true, 2000 },
	{ "ready",		ready,		  ring_with_one, false, 20000 },
	{ "ready-thread",	ready,		  ring_with_one, true, 20000 },
	{ "untimed-syscall",	by_syscall,	  one_ring, false, 2000 },
	{ "untimed-enter",	by_enter,	  one_ring, false, 2000 },
	{ "untimed-enter2",	by_enter2,	  one_ring, false, 2000 },
	{ "plain",		timed,		  one_ring, false, 2000 },
	{ "plain-syscall",	timed_by_syscall, one_ring, false, 2000 },
	{ "plain-enter2",	timed_by_enter2,  one_ring, false, 2000 },
	{ "iopoll",		timed,		  iopoll_ring, false, 2000 },
	{ "no-slot",		timed,		  one_ring, true, 2000 },
	{ "index-syscall",	index_by_syscall, many_rings, false, 2000 },
	{ "index-enter2",	index_by_enter2,  many_rings, false, 2000 },
	{ "index",		timed,		  many_rings, false, 2000 },
	{ "inherited",		timed,		  inherit, false, 2000 },
	{ "jumped",		timed,		  leave_a_wait, false, 2000 },
	{ "switched-off",	timed,		  switched_off, false, 2000 },
	{ "first-in-child",	fork_and_wait,	  one_ring, false, 5 },
};
/* clang-format on */

const unsigned nr_rows = sizeof(rows) / sizeof(*rows);
