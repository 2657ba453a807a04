/* SPDX-License-Identifier: MIT */
/*
 * A wait whose completion is there already, but where liburing cannot see it: it looks at the CQ
 * ring first and does not enter the kernel when it finds enough there, so a completion that simply
 * lies in the ring measures nothing. Two states make the wait enter, with its timeout, and be
 * answered at once:
 *
 * "overflow": the CQ ring has room for one completion and 128 NOPs have completed, so 127 wait in
 * the kernel's overflow list. The program takes the one in the ring; the ring is empty, liburing
 * enters for one completion, the kernel moves one over from the list and returns. This works with
 * any ring flags. Filling the list is not timed.
 *
 * "taskwork": with DEFER_TASKRUN a completion from elsewhere is posted only when the task enters
 * to fetch it. A multishot poll watches an eventfd; writing to it queues the work, and the wait
 * that follows runs it. The write is timed along. (Without DEFER_TASKRUN the same work has run by
 * the time the write returns: the completion is in the ring, and the wait does not enter.)
 */
#include <poll.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "waits.h"

#define OVERFLOWED 128U

static int overflow_setup(struct lane *lane)
{
	struct io_uring_params p = { .flags = IORING_SETUP_CQSIZE, .cq_entries = 1 };

	lane->rings = calloc(1, sizeof(*lane->rings));
	if (!lane->rings)
		return lane_fail(lane, "memory for rings", -ENOMEM);
	if (lane_open_ring(lane, &lane->rings[0], 1, &p))
		return -1;
	if (p.cq_entries != 1)
		return lane_fail(lane, "a CQ ring of one entry", -EINVAL);
	return 0;
}

static int overflow_fill(struct lane *lane, struct io_uring *ring)
{
	unsigned int i;
	int ret;

	for (i = 0; i < OVERFLOWED; i++) {
		io_uring_prep_nop(io_uring_get_sqe(ring));
		ret = io_uring_submit(ring);
		if (ret != 1)
			return lane_fail(lane, "filling the CQ ring", ret);
	}
	if (io_uring_cq_ready(ring) != 1 || !(*ring->sq.kflags & IORING_SQ_CQ_OVERFLOW))
		return lane_fail(lane, "overflowing the CQ ring", -EINVAL);
	io_uring_cq_advance(ring, 1);
	return 0;
}

static always_inline int overflow_loop(struct lane *lane, uint64_t ops, enum kind kind)
{
	struct io_uring *ring = &lane->rings[0];
	struct io_uring_cqe *cqe;
	uint64_t done, start;
	unsigned int i;
	int ret;

	for (done = 0; done < ops; done += OVERFLOWED - 1) {
		if (overflow_fill(lane, ring))
			return -1;
		start = now_ns();
		for (i = 1; i < OVERFLOWED; i++) {
			ret = wait_only(lane, ring, &cqe, 1, kind);
			if (__builtin_expect(ret < 0 || !cqe, 0))
				return lane_fail(lane, "waiting for what overflowed", ret);
			io_uring_cq_advance(ring, 1);
		}
		lane->ns += now_ns() - start;
	}
	/* Whole fillings only: the time is for more operations than were asked for. */
	lane->ns = lane->ns * ops / done;
	return 0;
}

static int overflow_run(struct lane *lane, uint64_t ops)
{
	return RUN_KIND(overflow_loop, lane, ops);
}

static int taskwork_setup(struct lane *lane)
{
	struct io_uring *ring;
	struct io_uring_sqe *sqe;
	int ret;

	if (lane_open_rings(lane))
		return -1;
	lane->event = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (lane->event < 0)
		return lane_fail(lane, "eventfd", -errno);
	ring = &lane->rings[0];
	sqe = io_uring_get_sqe(ring);
	io_uring_prep_poll_multishot(sqe, lane->event, POLLIN);
	ret = io_uring_submit(ring);
	return ret == 1 ? 0 : lane_fail(lane, "arming a poll", ret);
}

static always_inline int taskwork_loop(struct lane *lane, uint64_t ops, enum kind kind)
{
	struct io_uring *ring = &lane->rings[0];
	struct io_uring_cqe *cqe;
	uint64_t i, one = 1, start = now_ns();
	int ret;

	for (i = 0; i < ops; i++) {
		if (write(lane->event, &one, sizeof(one)) != sizeof(one))
			return lane_fail(lane, "write to an eventfd", -errno);
		if (io_uring_cq_ready(ring))
			return lane_fail(lane, "hiding a completion", -EEXIST);
		ret = wait_only(lane, ring, &cqe, 1, kind);
		if (__builtin_expect(ret < 0 || !cqe || !(cqe->flags & IORING_CQE_F_MORE), 0))
			return lane_fail(lane, "waiting for a poll", ret);
		io_uring_cq_advance(ring, 1);
	}
	lane->ns += now_ns() - start;
	return 0;
}

static int taskwork_run(struct lane *lane, uint64_t ops)
{
	return RUN_KIND(taskwork_loop, lane, ops);
}

const struct workload work_overflow = {
	.name = "overflow",
	.timeout = { .tv_sec = 1 },
	.setup = overflow_setup,
	.run = overflow_run,
};

const struct workload work_taskwork = {
	.name = "taskwork",
	.timeout = { .tv_sec = 1 },
	.setup = taskwork_setup,
	.run = taskwork_run,
};
