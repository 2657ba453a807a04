/* SPDX-License-Identifier: MIT */
/*
 * The other entry points: one NOP and wait by a bare enter, through liburing's io_uring_enter2()
 * and through libc's syscall(); and what other calls cost that go the same way.
 */
#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "waits.h"

static int by_liburing(int fd, struct io_uring_getevents_arg *arg)
{
	return io_uring_enter2(fd, 1, 1, IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG, (void *)arg,
			       sizeof(*arg));
}

static int by_libc(int fd, struct io_uring_getevents_arg *arg)
{
	return syscall(__NR_io_uring_enter, fd, 1, 1, IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG,
		       arg, sizeof(*arg));
}

static always_inline int enter_loop(struct lane *lane, uint64_t ops,
				    int (*enter)(int, struct io_uring_getevents_arg *))
{
	struct io_uring_getevents_arg arg = { .ts = (unsigned long)&lane->ts };
	struct io_uring *ring = &lane->rings[0];
	uint64_t i, start = now_ns();
	int ret;

	for (i = 0; i < ops; i++) {
		io_uring_prep_nop(io_uring_get_sqe(ring));
		ring->sq.sqe_head = ring->sq.sqe_tail;
		io_uring_smp_store_release(ring->sq.ktail, ring->sq.sqe_tail);
		ret = enter(ring->ring_fd, &arg);
		if (__builtin_expect(ret != 1 || io_uring_cq_ready(ring) != 1, 0))
			return lane_fail(lane, "NOP and wait by a bare enter", ret);
		io_uring_cq_advance(ring, 1);
	}
	lane->ns += now_ns() - start;
	return 0;
}

static int enter2_run(struct lane *lane, uint64_t ops)
{
	return enter_loop(lane, ops, by_liburing);
}

static int syscall_run(struct lane *lane, uint64_t ops)
{
	return enter_loop(lane, ops, by_libc);
}

static int bare_setup(struct lane *lane)
{
	if (lane->config->kind != KIND_TIMED)
		return lane_fail(lane, "a bare enter in this kind", -EINVAL);
	return lane_open_rings(lane);
}

/* A number that the kernel does not know: the shortest way there and back. */
static int pass_run(struct lane *lane, uint64_t ops)
{
	uint64_t i, start = now_ns();

	(void)lane;
	for (i = 0; i < ops; i++)
		syscall(-1L);
	lane->ns += now_ns() - start;
	return 0;
}

static int close_run(struct lane *lane, uint64_t ops)
{
	uint64_t i, start = now_ns();

	for (i = 0; i < ops; i++)
		close(-1);
	lane->ns += now_ns() - start;
	return 0;
}

const struct workload work_enter2 = {
	.name = "enter2",
	.timeout = { .tv_sec = 1 },
	.setup = bare_setup,
	.run = enter2_run,
};

const struct workload work_syscall = {
	.name = "syscall",
	.timeout = { .tv_sec = 1 },
	.setup = bare_setup,
	.run = syscall_run,
};

const struct workload work_pass = {
	.name = "pass",
	.setup = bare_setup,
	.run = pass_run,
};

const struct workload work_close = {
	.name = "close",
	.setup = bare_setup,
	.run = close_run,
};
