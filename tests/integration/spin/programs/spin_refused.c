/* SPDX-License-Identifier: MIT */
/*
 * spin_refused HOW [FLAGS]: waits that the kernel refuses, on a ring with these setup flags, and what
 * would have come while they looked.
 *
 *	closed	by a descriptor that was closed, which does not end the ring as long as it is mapped
 *	index	by another thread's index
 *	thread	of another thread, on a ring that is but for one
 */
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>

#include "kinds.h"

/* Odd, since it is the most of them that count: what comes may come before a wait on a busy machine. */
#define ROUNDS 5

static int written[2], name; /* another descriptor of the ring's */
static volatile int begun, over;

static void put_multishot(void)
{
	struct io_uring_sqe *sqe = next_sqe();

	io_uring_prep_poll_multishot(sqe, written[0], POLLIN);
	sqe->user_data = 5;
	RING_CALL("submit", io_uring_submit(&ring));
}

/* What a wait submits never completes. */
static void wait_once(int kind, int *refused, int *error)
{
	struct io_uring_cqe *cqe = NULL;
	int ret;

	if (submits(kind))
		put_poll();
	__atomic_store_n(&begun, 1, __ATOMIC_SEQ_CST);
	ret = wait_by(kind, &cqe, AFTER_MS(10000));
	__atomic_store_n(&over, 1, __ATOMIC_SEQ_CST);
	while (__atomic_load_n(&over, __ATOMIC_SEQ_CST))
		sched_yield();
	if (ret >= 0)
		return;
	++*refused;
	*error = ret;
}

static void *wait_all(void *arg)
{
	int kind, i;

	(void)arg;
	for (kind = 0; kind < KINDS; kind++) {
		int refused = 0, error = 0;

		for (i = 0; i < ROUNDS; i++)
			wait_once(kind, &refused, &error);
		say("wait %d: %s, %s", kind, name_of(error),
		    refused > ROUNDS / 2 ? "mostly" : "seldom");
	}
	return NULL;
}

/* Lets a completion come a moment after each wait began. The ring's work is its own thread's to run. */
static void complete_all(void)
{
	int i;

	for (i = 0; i < KINDS * ROUNDS; i++) {
		int64_t end;
		char byte = 0;

		while (!__atomic_exchange_n(&begun, 0, __ATOMIC_SEQ_CST))
			sched_yield();
		for (end = now_us() + SOON_US; now_us() < end;)
			;
		if (write(written[1], &byte, 1) != 1)
			die("write", -errno);
		while (!io_uring_cq_ready(&ring))
			syscall(SYS_io_uring_enter, name, 0, 0, IORING_ENTER_GETEVENTS, NULL, 0);
		while (!__atomic_load_n(&over, __ATOMIC_SEQ_CST))
			sched_yield();
		if (read(written[0], &byte, 1) != 1)
			die("read", -errno);
		io_uring_cq_advance(&ring, io_uring_cq_ready(&ring));
		__atomic_store_n(&over, 0, __ATOMIC_SEQ_CST);
	}
}

int main(int argc, char **argv)
{
	pthread_t t;

	if (argc < 2 || pipe2(pipe_ends, O_CLOEXEC) || pipe2(written, O_CLOEXEC))
		return 2;
	must_init(&ring, 64, argc > 2 ? strtoul(argv[2], NULL, 0) : 0);
	put_multishot();
	name = fcntl(ring.ring_fd, F_DUPFD_CLOEXEC, 100);
	if (!strcmp(argv[1], "index"))
		RING_CALL("index", io_uring_register_ring_fd(&ring));
	else if (!strcmp(argv[1], "closed"))
		close(ring.ring_fd);
	pthread_create(&t, NULL, wait_all, NULL);
	complete_all();
	pthread_join(t, NULL);
	return 0;
}
