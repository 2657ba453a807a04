/* SPDX-License-Identifier: MIT */
/*
 * A program that is linked with liburing.so itself, and with an engine that has liburing.a within
 * and exports it.
 */
#include <liburing.h>
#include <stdio.h>

int engine(void);

int main(void)
{
	struct __kernel_timespec ts = { .tv_nsec = 1000000 };
	struct io_uring_cqe *cqe = NULL;
	struct io_uring ring;
	int ret = io_uring_queue_init(4, &ring, 0);

	printf("program: init %d\n", ret);
	if (ret)
		return 1;
	ret = engine();
	printf("program: wait %d\n", io_uring_wait_cqe_timeout(&ring, &cqe, &ts));
	io_uring_prep_nop(io_uring_get_sqe(&ring));
	printf("program: nop %d\n", io_uring_submit_and_wait_timeout(&ring, &cqe, 1, &ts, NULL));
	io_uring_queue_exit(&ring);
	return ret;
}
