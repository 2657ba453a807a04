/* SPDX-License-Identifier: MIT */
/*
 * Waits that end by their timeout: zero ("is something there?"), 100 us and 1 ms. For the timeout of
 * zero, the untimed and the bare kind ask the same question without a timer (an enter that waits
 * for nothing): that is what the answer costs at least.
 */
#include "waits.h"

static always_inline int expire_once(struct lane *lane, struct io_uring *ring, enum kind kind)
{
	struct io_uring_cqe *cqe = NULL;
	int ret = wait_only(lane, ring, &cqe, 1, kind);

	if (__builtin_expect(ret != -ETIME || cqe, 0))
		return lane_fail(lane, "waiting for a timeout", ret);
	return 0;
}

static always_inline int peek_once(struct lane *lane, struct io_uring *ring, enum kind kind)
{
	int ret;

	if (kind == KIND_UNTIMED)
		ret = io_uring_get_events(ring);
	else
		ret = bare_enter(ring->enter_ring_fd, 0, 0,
				 lane->enter_flags & ~(IORING_ENTER_EXT_ARG | ENTER_EXT_ARG_REG),
				 0);
	if (__builtin_expect(ret || io_uring_cq_ready(ring), 0))
		return lane_fail(lane, "looking for completions", ret);
	return 0;
}

static always_inline int expire_loop(struct lane *lane, uint64_t ops, enum kind kind)
{
	struct io_uring *ring = &lane->rings[0];
	uint64_t i, start = now_ns();

	for (i = 0; i < ops; i++)
		if (expire_once(lane, ring, kind))
			return -1;
	lane->ns += now_ns() - start;
	return 0;
}

static always_inline int zero_loop(struct lane *lane, uint64_t ops, enum kind kind)
{
	struct io_uring *ring = &lane->rings[0];
	uint64_t i, start = now_ns();

	if (kind == KIND_TIMED || kind == KIND_REG)
		return expire_loop(lane, ops, kind);
	for (i = 0; i < ops; i++)
		if (peek_once(lane, ring, kind))
			return -1;
	lane->ns += now_ns() - start;
	return 0;
}

static int expire_run(struct lane *lane, uint64_t ops)
{
	if (lane->config->kind == KIND_UNTIMED)
		return lane_fail(lane, "a timeout without a timeout", -EINVAL);
	return RUN_KIND(expire_loop, lane, ops);
}

static int zero_run(struct lane *lane, uint64_t ops)
{
	return RUN_KIND(zero_loop, lane, ops);
}

const struct workload work_zero = {
	.name = "zero",
	.timeout = { .tv_sec = 0 },
	.setup = lane_open_rings,
	.run = zero_run,
};

const struct workload work_expire_ms = {
	.name = "expire-ms",
	.timeout = { .tv_nsec = 1000000 },
	.setup = lane_open_rings,
	.run = expire_run,
};

const struct workload work_expire = {
	.name = "expire",
	.timeout = { .tv_nsec = 100000 },
	.setup = lane_open_rings,
	.run = expire_run,
};
