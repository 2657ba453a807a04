/* SPDX-License-Identifier: MIT */
/* A lane's rings, and how it says what failed. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "worker.h"

uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

int lane_fail(struct lane *lane, const char *what, int error)
{
	snprintf(lane->error, sizeof(lane->error), "%s: %s (%d)", what,
		 error < 0 ? strerror(-error) : "not the result that was expected", error);
	return -1;
}

static bool needs_region(enum kind kind)
{
	return kind != KIND_TIMED && kind != KIND_UNTIMED;
}

static int arm_ring(struct lane *lane, struct io_uring *ring)
{
	int ret = region_register(ring->ring_fd);

	if (ret)
		return lane_fail(lane, "registering a wait area", ret);
	ret = region_enable(ring->ring_fd);
	return ret ? lane_fail(lane, "enabling a ring", ret) : 0;
}

int lane_open_ring(struct lane *lane, struct io_uring *ring, unsigned int entries,
		   struct io_uring_params *p)
{
	const struct config *config = lane->config;
	bool region = needs_region(config->kind);
	int ret;

	p->flags |= config->ring_flags | (region ? IORING_SETUP_R_DISABLED : 0);
	ret = io_uring_queue_init_params(entries, ring, p);
	if (ret)
		return lane_fail(lane, "making a ring", ret);
	if (region && arm_ring(lane, ring))
		return -1;
	if (config->ring_fd) {
		ret = io_uring_register_ring_fd(ring);
		if (ret != 1)
			return lane_fail(lane, "registering the ring fd", ret);
	}
	return 0;
}

int lane_open_rings(struct lane *lane)
{
	unsigned int i, rings = lane->config->rings;

	lane->rings = calloc(rings, sizeof(*lane->rings));
	if (!lane->rings)
		return lane_fail(lane, "memory for rings", -ENOMEM);
	for (i = 0; i < rings; i++) {
		struct io_uring_params p = { 0 };

		if (lane_open_ring(lane, &lane->rings[i], RING_ENTRIES, &p))
			return -1;
	}
	return 0;
}
