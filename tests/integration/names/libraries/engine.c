/* SPDX-License-Identifier: MIT */
/* An engine that waits by liburing, wherever that is: in a file of its own or within this one. */
#include <errno.h>
#include <liburing.h>
#include <stdio.h>

int engine(void);

int engine(void)
{
	struct __kernel_timespec ts = { .tv_nsec = 1000000 };
	struct io_uring_params p = { 0 };
	struct io_uring_cqe *cqe = NULL;
	struct io_uring ring;
	int ret;

	errno = 77;
	ret = io_uring_queue_init(4, &ring, 0);
	printf("init %d\n", ret);
	if (ret)
		return 1;
	printf("wait %d\n", io_uring_wait_cqe_timeout(&ring, &cqe, &ts));
	io_uring_prep_nop(io_uring_get_sqe(&ring));
	ret = io_uring_submit_and_wait_timeout(&ring, &cqe, 1, &ts, NULL);
	printf("nop %d %d\n", ret, !!cqe);
	if (cqe)
		io_uring_cqe_seen(&ring, cqe);
	printf("wait_cqes %d\n", io_uring_wait_cqes(&ring, &cqe, 2, &ts, NULL));
	printf("enter %d\n", io_uring_enter(ring.ring_fd, 0, 0, 0, NULL));
	printf("bad enter %d\n", io_uring_enter2(ring.ring_fd, 0, 0, 1U << 30, NULL, 0));
	printf("register fd %d\n", io_uring_register_ring_fd(&ring));
	printf("wait %d\n", io_uring_wait_cqe_timeout(&ring, &cqe, &ts));
	printf("unregister fd %d\n", io_uring_unregister_ring_fd(&ring));
	io_uring_queue_exit(&ring);
	ret = io_uring_queue_init_params(4, &ring, &p);
	printf("init_params %d\n", ret);
	if (!ret)
		io_uring_queue_exit(&ring);
	p = (struct io_uring_params){ 0 };
	ret = io_uring_setup(4, &p);
	printf("setup %s, errno %d\n", ret >= 0 ? "ok" : "failed", errno);
	if (ret >= 0 && !io_uring_queue_mmap(ret, &p, &ring))
		io_uring_queue_exit(&ring);
	return 0;
}
