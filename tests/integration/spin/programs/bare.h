/* SPDX-License-Identifier: MIT */
/*
 * Bare waits on one ring, by each way in that there is, for the programs that look at what becomes of
 * them.
 */
#ifndef BARE_H
#define BARE_H

#include <fcntl.h>
#include <time.h>

#include "inline_call.h"
#include "requests.h"

#define LATER_MS 10000

enum way {
	ENTER,
	ENTER2,
	ENTER2_NO_TIME,
	ENTER2_TIME,
	CALL,
	CALL_NO_TIME,
	CALL_TIME,
	SITE,
	SITE_TIME,
	WAYS,
};

/* As in the kernel; Debian 12's headers lack the minimum. */
struct argument {
	uint64_t sigmask;
	uint32_t sigmask_sz, min_wait_usec;
	uint64_t ts;
};

static int by_syscall(unsigned submit, unsigned nr, unsigned flags, void *arg, size_t size)
{
	long ret = syscall(__NR_io_uring_enter, ring.ring_fd, submit, nr, flags, arg, size);

	if (ret < 0) {
		ret = -errno;
		errno = ERRNO_UNTOUCHED;
	}
	return ret;
}

/* By a system call instruction of the program, which a plan may name. */
static __attribute__((noinline)) int by_site(unsigned submit, unsigned nr, unsigned flags,
					     void *arg, size_t size)
{
	return inline_call(__NR_io_uring_enter, ring.ring_fd, submit, nr, flags, (long)arg, size);
}

static int enter_as(enum way way, unsigned submit, unsigned nr, unsigned flags, void *arg,
		    size_t size)
{
	if (way >= SITE)
		return by_site(submit, nr, flags, arg, size);
	if (way >= CALL)
		return by_syscall(submit, nr, flags, arg, size);
	return io_uring_enter2(ring.ring_fd, submit, nr, flags, arg, size);
}

/* A bare wait for nr completions that first submits so many SQEs. */
static int wait_by(enum way way, unsigned submit, unsigned nr, int64_t timeout_us)
{
	struct __kernel_timespec ts = { timeout_us / 1000000, timeout_us % 1000000 * 1000 };
	struct argument arg = { .sigmask_sz = 8 };
	unsigned flags = IORING_ENTER_GETEVENTS;

	if (ring.flags & IORING_SETUP_SQPOLL)
		flags |= IORING_ENTER_SQ_WAKEUP;
	errno = ERRNO_UNTOUCHED;
	switch (way) {
	case ENTER:
		return io_uring_enter(ring.ring_fd, submit, nr, flags, NULL);
	case ENTER2:
	case CALL:
	case SITE:
		return enter_as(way, submit, nr, flags, NULL, 8);
	case ENTER2_TIME:
	case CALL_TIME:
	case SITE_TIME:
		arg.ts = (uintptr_t)&ts;
		/* fall through */
	default:
		return enter_as(way, submit, nr, flags | IORING_ENTER_EXT_ARG, &arg, sizeof(arg));
	}
}

static inline bool is_timed(enum way way)
{
	return way == ENTER2_TIME || way == CALL_TIME || way == SITE_TIME;
}

static inline struct io_uring_sqe *last_sqe(void)
{
	return &ring.sq.sqes[(ring.sq.sqe_tail - 1) & *ring.sq.kring_mask];
}

/* The kernel's head moves to what liburing has prepared. */
static unsigned flush(void)
{
	struct io_uring_sq *sq = &ring.sq;
	unsigned nr = sq->sqe_tail - sq->sqe_head;

	sq->sqe_head = sq->sqe_tail;
	__atomic_store_n(sq->ktail, sq->sqe_tail, __ATOMIC_RELEASE);
	return nr;
}

/* What an enter returned, and what is there then; all of it is taken. */
static void tell(const char *what, int way, int ret)
{
	struct io_uring_cqe *cqe;
	char sum[128] = "";
	size_t n = 0;

	while (!io_uring_peek_cqe(&ring, &cqe)) {
		if (n < sizeof(sum) - 32)
			n += snprintf(sum + n, sizeof(sum) - n, ", %llu: %s",
				      (unsigned long long)cqe->user_data, name_of(cqe->res));
		io_uring_cqe_seen(&ring, cqe);
	}
	say("%s, way %d: %s%s%s", what, way, name_of(ret), sum,
	    errno == ERRNO_UNTOUCHED ? "" : ", errno");
}

static void begin(int argc, char **argv)
{
	if (argc < 2 || pipe2(pipe_ends, O_CLOEXEC))
		exit(2);
	must_init(&ring, 8, argc > 2 ? strtoul(argv[2], NULL, 0) : 0);
}

#endif
