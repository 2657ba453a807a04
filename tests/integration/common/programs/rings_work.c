/* SPDX-License-Identifier: MIT */
/* Exit status 0 where a ring can be made and waited on with a timeout. */
#include <errno.h>
#include <liburing.h>

int main(void)
{
	struct __kernel_timespec ts = { .tv_nsec = 1000 };
	struct io_uring_cqe *cqe;
	struct io_uring ring;

	return io_uring_queue_init(4, &ring, 0) ||
	       io_uring_wait_cqe_timeout(&ring, &cqe, &ts) != -ETIME;
}
