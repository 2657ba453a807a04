/* SPDX-License-Identifier: MIT */
/*
 * Event loops that never sleep in a wait, so that what a wait itself costs can
 * be seen.
 *
 *	busy_loop nop COUNT	submit one NOP and wait for it, a second at most
 *	busy_loop poll COUNT	ask whether something is there, with a timeout of zero
 *
 * Standard output tells what the waits returned; standard error what one took, as
 * the median of a hundred batches, so that being preempted in some does not show.
 */
#include <errno.h>
#include <liburing.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BATCHES 100

static struct io_uring ring;
static unsigned long completed, expired;

static void fail(const char *what, int error)
{
	fprintf(stderr, "busy_loop: %s: %s\n", what, strerror(error));
	exit(1);
}

static double now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e9 + t.tv_nsec;
}

static void submit_nop(void)
{
	struct __kernel_timespec second = { .tv_sec = 1 };
	struct io_uring_cqe *cqe;
	int ret;

	io_uring_prep_nop(io_uring_get_sqe(&ring));
	ret = io_uring_submit_and_wait_timeout(&ring, &cqe, 1, &second, NULL);
	if (ret < 0)
		fail("io_uring_submit_and_wait_timeout", -ret);
	io_uring_cqe_seen(&ring, cqe);
	completed++;
}

static void ask(void)
{
	struct __kernel_timespec zero = { 0 };
	struct io_uring_cqe *cqe;
	int ret;

	ret = io_uring_wait_cqe_timeout(&ring, &cqe, &zero);
	if (ret != -ETIME)
		fail("io_uring_wait_cqe_timeout", -ret);
	expired++;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* One batch more than is measured, to warm up. */
static double median_ns(void (*step)(void), unsigned long per_batch)
{
	double took[BATCHES], start;
	unsigned long i;
	int batch;

	for (batch = -1; batch < BATCHES; batch++) {
		start = now_ns();
		for (i = 0; i < per_batch; i++)
			step();
		if (batch >= 0)
			took[batch] = (now_ns() - start) / per_batch;
	}
	qsort(took, BATCHES, sizeof(took[0]), compare);
	return (took[BATCHES / 2 - 1] + took[BATCHES / 2]) / 2;
}

int main(int argc, char **argv)
{
	void (*step)(void) = NULL;
	unsigned long count = 0;
	int ret;

	if (argc == 3) {
		step = !strcmp(argv[1], "nop") ? submit_nop : !strcmp(argv[1], "poll") ? ask : NULL;
		count = strtoul(argv[2], NULL, 10);
	}
	if (!step || count < BATCHES) {
		fprintf(stderr, "usage: busy_loop nop|poll COUNT	(%d or more)\n", BATCHES);
		return 1;
	}
	ret = io_uring_queue_init(8, &ring, 0);
	if (ret)
		fail("io_uring_queue_init", -ret);
	fprintf(stderr, "%.1f ns per wait\n", median_ns(step, count / BATCHES));
	io_uring_queue_exit(&ring);
	printf("%s: %lu completed, %lu timed out\n", argv[1], completed, expired);
	return 0;
}
