/* SPDX-License-Identifier: MIT */
/*
 * Waits with a timeout of zero: zero KIND CASE [HOW]
 *
 * KIND: plain, coop, defer, defer-flag (with IORING_SETUP_TASKRUN_FLAG)
 * CASE: empty	    there is nothing
 *	 chain	    work waits for the task that will queue more of it: a linked chain behind a read
 *	 burst	    a multishot poll and many reads that all end at once
 *	 submits    a linked chain that the wait itself submits
 *	 full	    a CQ that overflows
 *	 found	    now and then there is something
 *	 masked	    the wait's mask lets a signal through that is pending
 *	 left	    signal handlers leave the waits by siglongjmp() (enter2, syscall)
 * HOW:	 wait (liburing), enter2, syscall
 */
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/time.h>

#include "program.h"

#define WAITS 100
#define BURST 40

static struct io_uring ring;
static int ends[2];
static const char *how = "wait";

static unsigned flags_of(const char *kind)
{
	if (!strcmp(kind, "coop"))
		return IORING_SETUP_COOP_TASKRUN | IORING_SETUP_TASKRUN_FLAG;
	if (!strcmp(kind, "defer"))
		return IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN;
	if (!strcmp(kind, "defer-flag"))
		return IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN |
		       IORING_SETUP_TASKRUN_FLAG;
	return 0;
}

static struct io_uring_sqe *next_sqe(unsigned long long user_data, unsigned flags)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(&ring);

	if (!sqe)
		die("no free SQE", 0);
	io_uring_prep_nop(sqe);
	sqe->user_data = user_data;
	sqe->flags = flags;
	return sqe;
}

static void put_read(unsigned long long user_data, unsigned flags)
{
	static char bytes[BURST];
	struct io_uring_sqe *sqe = next_sqe(user_data, flags);

	io_uring_prep_read(sqe, ends[0], &bytes[user_data % BURST], 1, 0);
	sqe->user_data = user_data;
	sqe->flags = flags;
}

/* Not inlined: called from one function, its waits have the same frame. */
static __attribute__((noinline)) int wait_for(struct io_uring_cqe **cqe, unsigned nr)
{
	struct io_uring_getevents_arg arg = { .ts = (uintptr_t)AFTER_MS(0) };
	unsigned flags = IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG;

	if (*how == 'w')
		return io_uring_wait_cqes(&ring, cqe, nr, AFTER_MS(0), NULL);
	if (*how == 'e')
		return io_uring_enter2(ring.ring_fd, 0, nr, flags, (void *)&arg, sizeof(arg));
	return syscall(__NR_io_uring_enter, ring.ring_fd, 0, nr, flags, &arg, sizeof(arg));
}

/* Waits, says what came, and takes it. */
static void ask(const char *what, unsigned nr)
{
	struct io_uring_cqe *cqe = NULL;
	int ret;

	errno = ERRNO_UNTOUCHED;
	ret = wait_for(&cqe, nr);
	show(what, ret, cqe);
	say("%s: %u are there", what, io_uring_cq_ready(&ring));
	io_uring_cq_advance(&ring, io_uring_cq_ready(&ring));
}

static void chain(void)
{
	put_read(1, IOSQE_IO_LINK);
	put_read(2, IOSQE_IO_LINK);
	next_sqe(3, IOSQE_IO_LINK);
	put_read(4, 0);
	RING_CALL("submit", io_uring_submit(&ring));
	ask("before a byte came", 1);
	if (write(ends[1], "abc", 3) != 3)
		die("write", -errno);
	ask("after three came", 4);
	ask("once more", 1);
}

static void burst(void)
{
	struct io_uring_sqe *sqe = next_sqe(1000, 0);
	char bytes[BURST] = "";
	int i;

	io_uring_prep_poll_multishot(sqe, ends[0], POLLIN);
	sqe->user_data = 1000;
	for (i = 0; i < BURST; i++)
		put_read(i, 0);
	RING_CALL("submit", io_uring_submit(&ring));
	if (write(ends[1], bytes, BURST) != BURST)
		die("write", -errno);
	ask("after a burst", BURST);
	ask("once more", 1);
}

static void submits_chain(void)
{
	struct io_uring_cqe *cqe = NULL;

	next_sqe(1, IOSQE_IO_LINK);
	next_sqe(2, IOSQE_IO_LINK | IOSQE_ASYNC);
	next_sqe(3, 0);
	RING_CALL("submit and wait",
		  io_uring_submit_and_wait_timeout(&ring, &cqe, 1, AFTER_MS(0), NULL));
	say("%u are there at once or more", io_uring_cq_ready(&ring) >= 1);
	next_sqe(4, 0);
	RING_CALL("submit", io_uring_submit_and_wait(&ring, 4));
	say("%u are there", io_uring_cq_ready(&ring));
}

/* More completions than the CQ holds: what overflowed arrives later, in parts. */
static void full(void)
{
	unsigned i, room = *ring.cq.kring_entries;

	for (i = 0; i < room + 10; i++) {
		next_sqe(i, 0);
		if (io_uring_sq_space_left(&ring) == 0 || i == room + 9)
			RING_CALL("submit", io_uring_submit(&ring));
	}
	ask("full", room + 5);
	ask("the rest", room);
	ask("once more", 1);
}

static void found(void)
{
	int i;

	for (i = 0; i < WAITS; i++) {
		if (i % 4 == 0 || i % 7 == 0) {
			next_sqe(i, 0);
			RING_CALL("submit", io_uring_submit(&ring));
		}
		ask("now and then", 1 + i % 3);
	}
}

static sigjmp_buf out;
static volatile sig_atomic_t waits;

static void leave(int sig)
{
	(void)sig;
	if (waits)
		siglongjmp(out, 1);
}

static int masked_wait(sigset_t *mask, int ms)
{
	struct io_uring_getevents_arg arg = {
		.ts = (uintptr_t)AFTER_MS(ms),
		.sigmask = (uintptr_t)mask,
		.sigmask_sz = 8,
	};
	unsigned flags = IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG;
	struct io_uring_cqe *cqe;
	long ret;

	if (*how == 'w')
		return io_uring_wait_cqes(&ring, &cqe, 1, AFTER_MS(ms), mask);
	if (*how == 'e')
		return io_uring_enter2(ring.ring_fd, 0, 1, flags, (void *)&arg, sizeof(arg));
	ret = syscall(__NR_io_uring_enter, ring.ring_fd, 0, 1, flags, &arg, sizeof(arg));
	return ret < 0 ? -errno : ret;
}

static volatile sig_atomic_t handled;

static void note(int sig)
{
	handled += sig == SIGUSR1;
}

static void masked(void)
{
	sigset_t blocked, none;
	int i;

	signal(SIGUSR1, note);
	sigemptyset(&none);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGUSR1);
	sigprocmask(SIG_BLOCK, &blocked, NULL);
	for (i = 0; i < 4; i++) {
		next_sqe(1, 0);
		RING_CALL("submit", io_uring_submit(&ring));
		ask("something", 1);
		say("no signal: %s, handled %d", name_of(masked_wait(&none, 0)), handled);
		raise(SIGUSR1);
		say("a signal: %s, handled %d", name_of(masked_wait(&none, 0)), handled);
	}
}

/* Of a frame far below its caller's. */
static __attribute__((noinline)) void wait_for_ever(void)
{
	char deep[4096];
	struct io_uring_cqe *cqe;

	__asm__ volatile("" : : "r"(deep) : "memory"); /* so that it is there */
	waits = 1;
	for (;;)
		wait_for(&cqe, 1);
}

/* A wait with a signal mask must be as it was before those that were left. */
static void left(void)
{
	const struct itimerval often = { { 0, 50 }, { 0, 50 } }, never = { 0 };
	struct io_uring_cqe *cqe;
	volatile int i;
	sigset_t all;

	sigfillset(&all);

	signal(SIGALRM, leave);
	next_sqe(1, 0);
	io_uring_submit(&ring);
	for (i = 0; i < WAITS; i++) {
		setitimer(ITIMER_REAL, &often, NULL);
		if (!sigsetjmp(out, 1))
			wait_for_ever();
		waits = 0;
		setitimer(ITIMER_REAL, &never, NULL);
		if (io_uring_cq_ready(&ring))
			io_uring_cq_advance(&ring, 1);
		/* These are made by frames above that of the one that was left: so it is known to be over. */
		if (i % 2)
			wait_for(&cqe, 1);
		say("a wait with a mask: %s", name_of(masked_wait(&all, 1)));
	}
}

int main(int argc, char **argv)
{
	int i;

	if (argc < 3 || pipe(ends))
		return 2;
	if (argc > 3)
		how = argv[3];
	must_init(&ring, 64, flags_of(argv[1]));
	if (!strcmp(argv[2], "empty"))
		for (i = 0; i < WAITS; i++)
			ask("nothing", 1 + i % 3);
	else if (!strcmp(argv[2], "chain"))
		chain();
	else if (!strcmp(argv[2], "burst"))
		burst();
	else if (!strcmp(argv[2], "full"))
		full();
	else if (!strcmp(argv[2], "found"))
		found();
	else if (!strcmp(argv[2], "masked"))
		masked();
	else if (!strcmp(argv[2], "left"))
		left();
	else
		submits_chain();
	return 0;
}
