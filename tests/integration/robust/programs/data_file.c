/* SPDX-License-Identifier: MIT */
/*
 * Was started without a standard error: its number is given to a file of data, in which nothing but
 * data may be. data_file FILE
 */
#include <fcntl.h>
#include <liburing.h>
#include <stdio.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct __kernel_timespec ts = { .tv_nsec = 1000000 };
	int fd = open(argv[argc - 1], O_CREAT | O_TRUNC | O_RDWR, 0600);
	struct io_uring_cqe *cqe;
	struct io_uring ring;

	printf("descriptor %d\n", fd);
	if (write(fd, "data\n", 5) != 5 || io_uring_queue_init(4, &ring, 0))
		return 77;
	printf("wait %d\n", io_uring_wait_cqe_timeout(&ring, &cqe, &ts));
	io_uring_queue_exit(&ring);
	return write(fd, "data\n", 5) != 5;
}
