/* SPDX-License-Identifier: MIT */
/*
 * A library with one function: a timed wait of a millisecond. Returns what the wait returned.
 */
#include <liburing.h>

int wait_a_little(void)
{
	struct __kernel_timespec ts = { .tv_nsec = 1000000 };
	struct io_uring_cqe *cqe;
	struct io_uring ring;
	int ret = io_uring_queue_init(4, &ring, 0);

	if (ret)
		return ret;
	ret = io_uring_wait_cqe_timeout(&ring, &cqe, &ts);
	io_uring_queue_exit(&ring);
	return ret;
}
