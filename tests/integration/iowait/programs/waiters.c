/* SPDX-License-Identifier: MIT */
/*
 *	waiters feature	 ends with 0 if this kernel has IORING_FEAT_NO_IOWAIT
 *	waiters hidden	 prints, as hexadecimal digits, what the kernel gives as parameters of a ring, but
 *			 without that feature
 *	waiters N	 N threads that each wait until there is something to read from standard input
 */
#include <poll.h>
#include <pthread.h>

#include "program.h"

#define FEAT_NO_IOWAIT (1U << 17)

static struct io_uring ring;
static struct io_uring_params params;

/* All up to the features. */
static void hidden(void)
{
	const unsigned char *byte = (const unsigned char *)&params, *end;

	params.features &= ~FEAT_NO_IOWAIT;
	end = (const unsigned char *)(&params.features + 1);
	while (byte < end)
		printf("%02x", *byte++);
	putchar('\n');
}

static void *wait_for_input(void *unused)
{
	struct io_uring_cqe *cqe;
	struct io_uring mine;
	struct io_uring_sqe *sqe;

	RING_CALL("init", io_uring_queue_init(4, &mine, 0));
	sqe = io_uring_get_sqe(&mine);
	io_uring_prep_poll_add(sqe, 0, POLLIN | POLLHUP);
	RING_CALL("submit", io_uring_submit(&mine));
	RING_CALL("wait", io_uring_wait_cqe(&mine, &cqe));
	return unused;
}

static void many(int nr)
{
	pthread_t threads[256];
	int i;

	for (i = 0; i < nr && i < 256; i++)
		if (pthread_create(&threads[i], NULL, wait_for_input, NULL))
			die("pthread_create", 0);
	while (i--)
		pthread_join(threads[i], NULL);
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	if (atoi(what)) {
		many(atoi(what));
		return 0;
	}
	if (io_uring_queue_init_params(16, &ring, &params))
		return 1;
	if (!strcmp(what, "feature"))
		return !(params.features & FEAT_NO_IOWAIT);
	hidden();
	return 0;
}
