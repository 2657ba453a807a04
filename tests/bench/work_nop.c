/* SPDX-License-Identifier: MIT */
/*
 * NOPs and a wait for them: batches on one ring, or one NOP at a time round robin over many rings.
 * The kernel completes a NOP while it takes it, so the wait never sleeps.
 */
#include "waits.h"

static always_inline int nop_on(struct lane *lane, struct io_uring *ring, unsigned int batch,
				enum kind kind)
{
	struct io_uring_cqe *cqe;
	unsigned int i;
	int ret;

	for (i = 0; i < batch; i++)
		io_uring_prep_nop(io_uring_get_sqe(ring));
	ret = submit_and_wait(lane, ring, &cqe, batch, kind);
	if (__builtin_expect(ret < 0 || !cqe || io_uring_cq_ready(ring) != batch, 0))
		return lane_fail(lane, "NOP and wait", ret);
	io_uring_cq_advance(ring, batch);
	return 0;
}

static always_inline int nop_loop(struct lane *lane, uint64_t ops, enum kind kind)
{
	struct io_uring *ring = &lane->rings[0];
	unsigned int batch = lane->config->batch;
	uint64_t i, start = now_ns();

	if (batch == 1) {
		for (i = 0; i < ops; i++)
			if (nop_on(lane, ring, 1, kind))
				return -1;
	} else {
		for (i = 0; i < ops; i++)
			if (nop_on(lane, ring, batch, kind))
				return -1;
	}
	lane->ns += now_ns() - start;
	return 0;
}

static int nop_run(struct lane *lane, uint64_t ops)
{
	return RUN_KIND(nop_loop, lane, ops);
}

static always_inline int round_loop(struct lane *lane, uint64_t ops, enum kind kind)
{
	unsigned int rings = lane->config->rings, at = lane->at;
	uint64_t i, start = now_ns();

	for (i = 0; i < ops; i++) {
		if (nop_on(lane, &lane->rings[at], 1, kind))
			return -1;
		if (++at == rings)
			at = 0;
	}
	lane->at = at;
	lane->ns += now_ns() - start;
	return 0;
}

static int round_run(struct lane *lane, uint64_t ops)
{
	return RUN_KIND(round_loop, lane, ops);
}

const struct workload work_nop = {
	.name = "nop",
	.timeout = { .tv_sec = 1 },
	.setup = lane_open_rings,
	.run = nop_run,
};

const struct workload work_round = {
	.name = "round",
	.timeout = { .tv_sec = 1 },
	.setup = lane_open_rings,
	.run = round_run,
};
