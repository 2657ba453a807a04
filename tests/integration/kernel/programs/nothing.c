/* SPDX-License-Identifier: MIT */
/*
 * Waits with a timeout of a kernel that says 0 and does nothing, as it does when another thread took
 * the completion: nothing is there, and liburing says that the time is over.
 */
#include "program.h"

int main(void)
{
	struct io_uring ring;
	int i;

	if (io_uring_queue_init(4, &ring, 0))
		return 77;
	for (i = 0; i < 2; i++) {
		WAIT_CALL(&ring, "wait_cqe_timeout",
			  io_uring_wait_cqe_timeout(&ring, &cqe, AFTER_MS(1)));
		WAIT_CALL(&ring, "wait_cqes",
			  io_uring_wait_cqes(&ring, &cqe, 2, AFTER_MS(1), NULL));
		WAIT_CALL(&ring, "submit_and_wait_timeout",
			  io_uring_submit_and_wait_timeout(&ring, &cqe, 1, AFTER_MS(1), NULL));
	}
	return 0;
}
