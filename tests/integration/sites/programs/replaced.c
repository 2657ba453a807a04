/* SPDX-License-Identifier: MIT */
/* Waits on a ring whose descriptor has become another ring's, where nobody could see it. */
#include <sys/syscall.h>

#include "inline_call.h"
#include "program.h"

int main(void)
{
	struct __kernel_timespec ts = { .tv_nsec = 1000000 };
	struct io_uring_params p = { 0 };
	struct io_uring_cqe *cqe;
	struct io_uring ring;
	int other, i;

	must_init(&ring, 8, 0);
	printf("wait: %d\n", io_uring_wait_cqe_timeout(&ring, &cqe, &ts));
	printf("wait: %d\n", io_uring_wait_cqe_timeout(&ring, &cqe, &ts));
	other = inline_call(SYS_io_uring_setup, 8, (long)&p, 0, 0, 0, 0);
	inline_call(SYS_dup3, other, ring.ring_fd, 0, 0, 0, 0);
	for (i = 0; i < 3; i++)
		printf("wait: %d\n", io_uring_wait_cqe_timeout(&ring, &cqe, &ts));
	return 0;
}
