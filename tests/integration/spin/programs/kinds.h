/* SPDX-License-Identifier: MIT */
/*
 * A ring, what may complete on it, and liburing's waits for one completion, by their numbers.
 */
#ifndef SPIN_KINDS_H
#define SPIN_KINDS_H

#include <poll.h>

#include "program.h"
#include "soon.h"

static struct io_uring ring;
static int pipe_ends[2];

/* It completes by itself so long after it was submitted. */
static inline void put_timeout(int us)
{
	static struct __kernel_timespec soon;
	struct io_uring_sqe *sqe = io_uring_get_sqe(&ring);

	if (!sqe)
		die("no free SQE", 0);
	soon.tv_nsec = us * 1000;
	io_uring_prep_timeout(sqe, &soon, 0, 0);
	sqe->user_data = 5;
}

/* It does not complete. */
static inline void put_poll(void)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(&ring);

	if (!sqe)
		die("no free SQE", 0);
	io_uring_prep_poll_add(sqe, pipe_ends[0], POLLIN);
	sqe->user_data = 7;
}

#define KINDS 7

static inline bool submits(int kind)
{
	return kind == 1 || kind == 4 || kind == 6;
}

/* A wait for one completion, of what is in the SQ. Gives it in *cqe. */
static inline int wait_by(int kind, struct io_uring_cqe **cqe, struct __kernel_timespec *ts)
{
	int ret;

	if (!submits(kind))
		io_uring_submit(&ring);
	switch (kind) {
	case 0:
		return io_uring_wait_cqe_timeout(&ring, cqe, ts);
	case 1:
		return io_uring_submit_and_wait_timeout(&ring, cqe, 1, ts, NULL);
	case 2:
		return io_uring_wait_cqe(&ring, cqe);
	case 3:
		return io_uring_wait_cqes(&ring, cqe, 1, NULL, NULL);
	case 4:
		return io_uring_submit_and_wait_timeout(&ring, cqe, 1, NULL, NULL);
	case 5:
		return io_uring_wait_cqe_nr(&ring, cqe, 1);
	default:
		ret = io_uring_submit_and_wait(&ring, 1);
		io_uring_peek_cqe(&ring, cqe);
		return ret;
	}
}

#endif
