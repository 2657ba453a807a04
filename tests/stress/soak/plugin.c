/* SPDX-License-Identifier: MIT */
/*
 * A plugin that brings liburing with it, for the plugin scenario.
 */
#include <errno.h>
#include <liburing.h>
#include <stddef.h>

/* 0, or the number of the step that went wrong. */
__attribute__((visibility("default"))) int plugin_work(unsigned n);

int plugin_work(unsigned n)
{
	struct __kernel_timespec ts = { .tv_nsec = 500000 };
	struct io_uring_cqe *cqe = NULL;
	struct io_uring_sqe *sqe;
	struct io_uring ring;
	int wrong = 0;

	if (io_uring_queue_init(8, &ring, 0))
		return 1;
	if (io_uring_wait_cqe_timeout(&ring, &cqe, &ts) != -ETIME)
		wrong = 2;
	sqe = io_uring_get_sqe(&ring);
	io_uring_prep_nop(sqe);
	io_uring_sqe_set_data64(sqe, n);
	if (io_uring_submit_and_wait_timeout(&ring, &cqe, 1, &ts, NULL) < 0)
		wrong = 3;
	else if (!cqe || cqe->user_data != n)
		wrong = 4;
	else
		io_uring_cqe_seen(&ring, cqe);
	io_uring_queue_exit(&ring);
	return wrong;
}
