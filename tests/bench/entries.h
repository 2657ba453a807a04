/* SPDX-License-Identifier: MIT */
/*
 * Bare timed enters of a lane's first ring, by the two functions that there are for them.
 */
#ifndef REGWAIT_BENCH_ENTRIES_H
#define REGWAIT_BENCH_ENTRIES_H

#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "waits.h"

#define TIMED (IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG)

typedef int bare_call(struct lane *lane, unsigned int submit, unsigned int wait_nr);

static always_inline int by_liburing(struct lane *lane, unsigned int submit, unsigned int wait_nr)
{
	struct io_uring_getevents_arg arg = { .ts = (unsigned long)&lane->ts };

	return io_uring_enter2(lane->rings[0].ring_fd, submit, wait_nr, TIMED, (void *)&arg,
			       sizeof(arg));
}

static always_inline int by_libc(struct lane *lane, unsigned int submit, unsigned int wait_nr)
{
	struct io_uring_getevents_arg arg = { .ts = (unsigned long)&lane->ts };
	long ret = syscall(__NR_io_uring_enter, lane->rings[0].ring_fd, submit, wait_nr, TIMED,
			   &arg, sizeof(arg));

	return ret < 0 ? -errno : ret;
}

/* What liburing has prepared becomes visible to the kernel. Returns how many SQEs that are. */
static always_inline unsigned int show_sqes(struct io_uring *ring)
{
	unsigned int nr = ring->sq.sqe_tail - ring->sq.sqe_head;

	ring->sq.sqe_head = ring->sq.sqe_tail;
	io_uring_smp_store_release(ring->sq.ktail, ring->sq.sqe_tail);
	return nr;
}

#endif
