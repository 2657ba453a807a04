/* SPDX-License-Identifier: MIT */
/*
 * What the tests of the command run: waiter COUNT [PAUSE_US [UID]]. Becomes that user, then COUNT
 * times (0: until it is killed) submits a NOP, waits for it for a second at most, and pauses.
 */
#include <liburing.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int wait_once(struct io_uring *ring)
{
	struct __kernel_timespec second = { .tv_sec = 1 };
	struct io_uring_cqe *cqe;
	int ret;

	io_uring_prep_nop(io_uring_get_sqe(ring));
	ret = io_uring_submit_and_wait_timeout(ring, &cqe, 1, &second, NULL);
	if (ret < 0)
		return ret;
	io_uring_cqe_seen(ring, cqe);
	return 0;
}

int main(int argc, char **argv)
{
	unsigned long count = argc > 1 ? strtoul(argv[1], NULL, 10) : 0, i;
	useconds_t pause_us = argc > 2 ? strtoul(argv[2], NULL, 10) : 0;
	struct io_uring ring;

	if (argc > 3 && setuid(strtoul(argv[3], NULL, 10)))
		return 1;
	if (io_uring_queue_init(8, &ring, 0)) {
		fprintf(stderr, "waiter: no ring\n");
		return 77;
	}
	for (i = 0; !count || i < count; i++) {
		if (wait_once(&ring)) {
			fprintf(stderr, "waiter: a wait failed\n");
			return 1;
		}
		if (pause_us)
			usleep(pause_us);
	}
	io_uring_queue_exit(&ring);
	printf("figure: %lu\n", count);
	return 0;
}
