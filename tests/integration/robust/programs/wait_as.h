/* SPDX-License-Identifier: MIT */
/*
 * A timed wait for one completion by the way that a word names: w(ait), e(nter2), su(bmit), or s(yscall).
 */
#ifndef WAIT_AS_H
#define WAIT_AS_H

#include <errno.h>
#include <liburing.h>
#include <sys/syscall.h>
#include <unistd.h>

static inline int wait_as(const char *how, struct io_uring *ring, struct __kernel_timespec ts)
{
	struct io_uring_getevents_arg arg = { .ts = (unsigned long)&ts };
	unsigned flags = IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG;
	struct io_uring_cqe *cqe;
	long ret;

	switch (*how) {
	case 'w':
		return io_uring_wait_cqe_timeout(ring, &cqe, &ts);
	case 'e':
		return io_uring_enter2(ring->ring_fd, 0, 1, flags, (void *)&arg, sizeof(arg));
	}
	if (how[1] == 'u')
		return io_uring_submit_and_wait_timeout(ring, &cqe, 1, &ts, NULL);
	ret = syscall(__NR_io_uring_enter, ring->ring_fd, 0, 1, flags, &arg, sizeof(arg));
	return ret < 0 ? -errno : 0;
}

#endif
