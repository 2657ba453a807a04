/* SPDX-License-Identifier: MIT */
/* Makes one ring after the other, with pauses: later COUNT. */
#include "program.h"

int main(int argc, char **argv)
{
	unsigned count = argc > 1 ? atoi(argv[1]) : 1;
	struct io_uring ring;

	while (count--) {
		must_init(&ring, 8, 0);
		wait_round(&ring);
		io_uring_queue_exit(&ring);
		if (count)
			usleep(2200000);
	}
	return 0;
}
