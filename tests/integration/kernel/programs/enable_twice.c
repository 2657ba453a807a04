/* SPDX-License-Identifier: MIT */
/*
 * Enables its ring a second time after it was refused, which a test arranges.
 */
#include "program.h"

int main(void)
{
	struct io_uring ring;

	must_init(&ring, 8, IORING_SETUP_R_DISABLED);
	RING_CALL("enable", io_uring_register(ring.ring_fd, OP_ENABLE_RINGS, NULL, 0));
	RING_CALL("enable again", io_uring_register(ring.ring_fd, OP_ENABLE_RINGS, NULL, 0));
	wait_round(&ring);
	io_uring_queue_exit(&ring);
	return 0;
}
