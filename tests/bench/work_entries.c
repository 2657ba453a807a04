/* SPDX-License-Identifier: MIT */
/*
 * The other entry points: one NOP and wait, and a timeout of zero with nothing there, by a bare
 * enter through liburing's io_uring_enter2() and through libc's syscall(); and what other calls cost
 * that go the same way.
 */
#include "entries.h"

/* The limit: the same call with a prepared slot, by a function, as it is for the others. */
static __attribute__((noinline)) int by_slot(struct lane *lane, unsigned int submit,
					     unsigned int wait_nr)
{
	return bare_enter(lane->rings[0].ring_fd, submit, wait_nr, lane->enter_flags,
			  lane->slot * SLOT_SIZE);
}

/* The limit of a timeout of zero: an enter that waits for nothing. */
static __attribute__((noinline)) int by_look(struct lane *lane, unsigned int submit,
					     unsigned int wait_nr)
{
	int ret = bare_enter(lane->rings[0].ring_fd, submit, 0, IORING_ENTER_GETEVENTS, 0);

	return ret || !wait_nr || io_uring_cq_ready(&lane->rings[0]) ? ret : -ETIME;
}

static always_inline int enter_loop(struct lane *lane, uint64_t ops, bare_call *enter)
{
	struct io_uring *ring = &lane->rings[0];
	uint64_t i, start = now_ns();
	int ret;

	for (i = 0; i < ops; i++) {
		io_uring_prep_nop(io_uring_get_sqe(ring));
		ret = enter(lane, show_sqes(ring), 1);
		if (__builtin_expect(ret != 1 || io_uring_cq_ready(ring) != 1, 0))
			return lane_fail(lane, "NOP and wait by a bare enter", ret);
		io_uring_cq_advance(ring, 1);
	}
	lane->ns += now_ns() - start;
	return 0;
}

static always_inline int look_loop(struct lane *lane, uint64_t ops, bare_call *enter)
{
	struct io_uring *ring = &lane->rings[0];
	uint64_t i, start;
	int ret;

	/* A program that asks so finds something now and then. */
	io_uring_prep_nop(io_uring_get_sqe(ring));
	if (io_uring_submit(ring) != 1 || enter(lane, 0, 1) || io_uring_cq_ready(ring) != 1)
		return lane_fail(lane, "a NOP and a look at it", -EIO);
	io_uring_cq_advance(ring, 1);
	start = now_ns();
	for (i = 0; i < ops; i++) {
		ret = enter(lane, 0, 1);
		if (__builtin_expect(ret != -ETIME || io_uring_cq_ready(ring), 0))
			return lane_fail(lane, "a timeout of zero by a bare enter", ret);
	}
	lane->ns += now_ns() - start;
	return 0;
}

static int enter2_run(struct lane *lane, uint64_t ops)
{
	if (lane->config->kind == KIND_BARE)
		return enter_loop(lane, ops, by_slot);
	return enter_loop(lane, ops, by_liburing);
}

static int syscall_run(struct lane *lane, uint64_t ops)
{
	if (lane->config->kind == KIND_BARE)
		return enter_loop(lane, ops, by_slot);
	return enter_loop(lane, ops, by_libc);
}

static int enter2_zero_run(struct lane *lane, uint64_t ops)
{
	if (lane->config->kind == KIND_BARE)
		return look_loop(lane, ops, by_look);
	return look_loop(lane, ops, by_liburing);
}

static int syscall_zero_run(struct lane *lane, uint64_t ops)
{
	if (lane->config->kind == KIND_BARE)
		return look_loop(lane, ops, by_look);
	return look_loop(lane, ops, by_libc);
}

static int bare_setup(struct lane *lane)
{
	if (lane->config->kind != KIND_TIMED && lane->config->kind != KIND_BARE)
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

const struct workload work_enter2_zero = {
	.name = "enter2-zero",
	.setup = bare_setup,
	.run = enter2_zero_run,
};

const struct workload work_syscall_zero = {
	.name = "syscall-zero",
	.setup = bare_setup,
	.run = syscall_zero_run,
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
