/* SPDX-License-Identifier: MIT */
/*
 * A ring, and what may complete on it.
 */
#ifndef SPIN_REQUESTS_H
#define SPIN_REQUESTS_H

#include <poll.h>

#include "program.h"
#include "soon.h"

static struct io_uring ring;
static int pipe_ends[2];

static inline struct io_uring_sqe *next_sqe(void)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(&ring);

	if (!sqe)
		die("no free SQE", 0);
	return sqe;
}

/* It completes by itself a moment after it was submitted. */
static inline struct io_uring_sqe *put_timeout(int user_data)
{
	static struct __kernel_timespec soon = { .tv_nsec = SOON_US * 1000 };
	struct io_uring_sqe *sqe = next_sqe();

	io_uring_prep_timeout(sqe, &soon, 0, 0);
	sqe->user_data = user_data;
	return sqe;
}

/* It does not complete. */
static inline void put_poll(void)
{
	struct io_uring_sqe *sqe = next_sqe();

	io_uring_prep_poll_add(sqe, pipe_ends[0], POLLIN);
	sqe->user_data = 7;
}

#endif
