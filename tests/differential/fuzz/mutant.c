/* SPDX-License-Identifier: MIT */
/*
 * A preload library that is wrong on purpose, so that the fuzzer has something to find. MUTANT names
 * the fault; each is one that regwait itself could have.
 */
#include <dlfcn.h>
#include <errno.h>
#include <liburing.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool has(const char *fault)
{
	const char *mutant = getenv("MUTANT");

	return mutant && !strcmp(mutant, fault);
}

static struct __kernel_timespec *change(struct __kernel_timespec *ts,
					struct __kernel_timespec *room)
{
	if ((!has("short") && !has("long")) || (unsigned long)ts < 4096)
		return ts;
	*room = *ts;
	room->tv_nsec = has("short") ? ts->tv_nsec / 2 : ts->tv_nsec * 4;
	return room;
}

int io_uring_wait_cqes(struct io_uring *ring, struct io_uring_cqe **cqe, unsigned nr,
		       struct __kernel_timespec *ts, sigset_t *mask)
{
	__typeof__(io_uring_wait_cqes) *next = dlsym(RTLD_NEXT, "io_uring_wait_cqes");
	struct __kernel_timespec room;
	int ret;

	do {
		ret = next(ring, cqe, nr, change(ts, &room), has("mask") ? NULL : mask);
	} while (has("restart") && ret == -EINTR && ts);
	if (has("etime") && ret == -ETIME && nr == 2)
		return 0;
	if (has("errno") && ret == -ETIME)
		errno = ETIME;
	return ret;
}

int io_uring_submit_and_wait_timeout(struct io_uring *ring, struct io_uring_cqe **cqe, unsigned nr,
				     struct __kernel_timespec *ts, sigset_t *mask)
{
	__typeof__(io_uring_submit_and_wait_timeout) *next =
		dlsym(RTLD_NEXT, "io_uring_submit_and_wait_timeout");
	struct io_uring_cqe *before = *cqe;
	unsigned ready = io_uring_cq_ready(ring);
	int ret = next(ring, cqe, nr, ts, mask);

	if (has("untouched") && !*cqe)
		*cqe = before;
	if (has("count") && ready && !ret)
		return 1;
	return ret;
}

int io_uring_queue_init_params(unsigned entries, struct io_uring *ring, struct io_uring_params *p)
{
	__typeof__(io_uring_queue_init_params) *next =
		dlsym(RTLD_NEXT, "io_uring_queue_init_params");
	int ret = next(entries, ring, p);

	if (has("flags") && !ret)
		p->flags |= IORING_SETUP_R_DISABLED;
	if (has("leak") && !ret && entries == 4)
		return dup(ring->ring_fd) < 0 ? -1 : ret;
	return ret;
}
