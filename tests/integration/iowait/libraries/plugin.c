/* SPDX-License-Identifier: MIT */
/* Loaded by a program that runs: makes waits without a timeout, on a ring that it is given. */
#include "program.h"

void plugin_waits(struct io_uring *ring, void (*prepare)(struct io_uring *, unsigned));

void plugin_waits(struct io_uring *ring, void (*prepare)(struct io_uring *, unsigned))
{
	struct io_uring own;

	/* A call of ours is what the library knows this object by. */
	RING_CALL("init", io_uring_queue_init(4, &own, 0));
	say("case plugin-wait-cqe");
	prepare(ring, 1);
	io_uring_submit(ring);
	WAIT_CALL(ring, "wait-cqe", io_uring_wait_cqe(ring, &cqe));
	say("case plugin-submit-and-wait");
	prepare(&own, 1);
	RING_CALL("submit-and-wait", io_uring_submit_and_wait(&own, 1));
	say("case none");
	io_uring_queue_exit(&own);
}
