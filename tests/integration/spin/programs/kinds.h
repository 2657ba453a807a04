/* SPDX-License-Identifier: MIT */
/*
 * liburing's waits for one completion, by their numbers.
 */
#ifndef SPIN_KINDS_H
#define SPIN_KINDS_H

#include "requests.h"

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
