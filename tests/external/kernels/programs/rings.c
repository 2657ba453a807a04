/* SPDX-License-Identifier: MIT */
/*
 * rings N: makes N rings one after the other and lets two timed waits end on each, one by its
 * timeout and one by a completion. Always the same few calls, so that the system calls of a run can
 * be counted and compared; and it says what setup answers where io_uring is switched off.
 */
#include <liburing.h>
#include <stdio.h>
#include <stdlib.h>

static int one_ring(int number)
{
	struct __kernel_timespec ts = { .tv_nsec = 10 * 1000 * 1000 };
	struct io_uring_cqe *cqe = NULL;
	struct io_uring ring;
	int ret = io_uring_queue_init(8, &ring, 0);

	printf("ring %d: io_uring_queue_init %d\n", number, ret);
	if (ret < 0)
		return ret;
	ret = io_uring_wait_cqe_timeout(&ring, &cqe, &ts);
	printf("ring %d: nothing in flight: io_uring_wait_cqe_timeout %d\n", number, ret);
	io_uring_prep_nop(io_uring_get_sqe(&ring));
	ret = io_uring_submit_and_wait_timeout(&ring, &cqe, 1, &ts, NULL);
	printf("ring %d: one nop: io_uring_submit_and_wait_timeout %d, cqe %s\n", number, ret,
	       cqe ? "there" : "missing");
	io_uring_queue_exit(&ring);
	return 0;
}

int main(int argc, char **argv)
{
	int count = argc == 2 ? atoi(argv[1]) : 0;

	if (count < 1) {
		fprintf(stderr, "usage: rings N\n");
		return 1;
	}
	for (int i = 1; i <= count; i++)
		if (one_ring(i) < 0)
			return 77;
	return 0;
}
