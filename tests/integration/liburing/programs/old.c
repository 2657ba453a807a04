/* SPDX-License-Identifier: MIT */
/*
 * A program of the days of liburing 2.2: no bare system calls, no newer waits.
 */
#include "program.h"

int main(void)
{
	struct io_uring_params p = { 0 };
	struct io_uring ring;
	int i;

	for (i = 0; i < 2; i++) {
		RING_CALL("make", i ? io_uring_queue_init_params(8, &ring, &p) :
				      io_uring_queue_init(8, &ring, 0));
		print_ring(&ring);
		wait_round(&ring);
		WAIT_CALL(&ring, "wait with a mask", ({
			sigset_t mask;

			sigemptyset(&mask);
			io_uring_wait_cqes(&ring, &cqe, 3, AFTER_MS(3), &mask);
		}));
		RING_CALL("register the descriptor", io_uring_register_ring_fd(&ring));
		wait_round(&ring);
		io_uring_queue_exit(&ring);
	}
	return 0;
}
