/* SPDX-License-Identifier: MIT */
/*
 * server N READY OVER: waits N times, makes the file READY, and lives until the file OVER exists.
 */
#include <fcntl.h>
#include <liburing.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct __kernel_timespec ts = { .tv_nsec = 1000 };
	int i, n = argc > 3 ? atoi(argv[1]) : 0;
	struct io_uring_cqe *cqe;
	struct io_uring ring;

	if (argc < 4 || io_uring_queue_init(4, &ring, 0))
		return 77;
	for (i = 0; i < n; i++)
		io_uring_wait_cqe_timeout(&ring, &cqe, &ts);
	close(open(argv[2], O_CREAT | O_WRONLY, 0666));
	/* Twenty seconds at the most. */
	for (i = 0; i < 2000 && access(argv[3], F_OK); i++)
		usleep(10000);
	return 0;
}
