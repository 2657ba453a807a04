/* SPDX-License-Identifier: MIT */
/* at_once COUNT: COUNT threads make the first rings of a process at the same time. */
#include <liburing.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static pthread_barrier_t all;

static void *make_ring(void *unused)
{
	struct __kernel_timespec ts = { .tv_nsec = 1000 };
	struct io_uring_cqe *cqe;
	struct io_uring ring;
	long ret;

	(void)unused;
	pthread_barrier_wait(&all);
	ret = io_uring_queue_init(4, &ring, 0);
	if (!ret)
		ret = io_uring_wait_cqe_timeout(&ring, &cqe, &ts);
	return (void *)ret;
}

int main(int argc, char **argv)
{
	unsigned i, nr = argc > 1 ? atoi(argv[1]) : 2;
	pthread_t thread[64];
	void *ret;

	if (nr > 64 || pthread_barrier_init(&all, NULL, nr))
		return 2;
	for (i = 0; i < nr; i++)
		if (pthread_create(&thread[i], NULL, make_ring, NULL))
			return 1;
	for (i = 0; i < nr; i++) {
		pthread_join(thread[i], &ret);
		printf("%ld\n", (long)ret);
	}
	return 0;
}
