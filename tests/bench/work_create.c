/* SPDX-License-Identifier: MIT */
/*
 * A ring's life: one operation makes a ring of 64 entries as the kind needs it (the registered kind
 * with its own wait area) and ends it again. The kernel takes a ring apart later, in a thread of
 * its own that would run beside the next measurement: after every burst of rings it is given time,
 * untimed. Bursts are whole, because the first ring after a sleep takes longer than the others.
 */
#include <errno.h>
#include <unistd.h>

#include "worker.h"

#define BURST	  16U
#define SETTLE_US 5000

static int create_setup(struct lane *lane)
{
	/*
	 * The first ring includes what a process does only once, which this workload does not
	 * measure.
	 */
	struct io_uring_params p = { 0 };
	struct io_uring ring;

	if (lane->config->kind != KIND_TIMED && lane->config->kind != KIND_REG)
		return lane_fail(lane, "making a ring in this kind", -EINVAL);
	if (lane_open_ring(lane, &ring, RING_ENTRIES, &p))
		return -1;
	io_uring_queue_exit(&ring);
	return 0;
}

static int create_burst(struct lane *lane)
{
	uint64_t start = now_ns();
	unsigned int i;

	for (i = 0; i < BURST; i++) {
		struct io_uring_params p = { 0 };
		struct io_uring ring;

		if (lane_open_ring(lane, &ring, RING_ENTRIES, &p))
			return -1;
		io_uring_queue_exit(&ring);
	}
	lane->ns += now_ns() - start;
	return 0;
}

static int create_run(struct lane *lane, uint64_t ops)
{
	uint64_t done;

	for (done = 0; done < ops; done += BURST) {
		if (create_burst(lane))
			return -1;
		usleep(SETTLE_US);
	}
	lane->ns = lane->ns * ops / done;
	return 0;
}

const struct workload work_create = {
	.name = "create",
	.timeout = { .tv_sec = 1 },
	.setup = create_setup,
	.run = create_run,
};
