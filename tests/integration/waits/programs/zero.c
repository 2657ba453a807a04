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
 * HOW:	 wait (liburing), enter2, syscall
 */
#include <poll.h>

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

static int wait_for(struct io_uring_cqe **cqe, unsigned nr)
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

/* More completions than the CQ holds: what overflowed comes by and by. */
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
	else
		submits_chain();
	return 0;
}
