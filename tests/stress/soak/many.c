/* SPDX-License-Identifier: MIT */
/*
 * As many rings as a process can have: by descriptors, and by the memory lock
 * limit of an ordinary user, where each armed ring costs one page more.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "soak.h"

static void raise_nofile(unsigned need)
{
	struct rlimit limit;

	getrlimit(RLIMIT_NOFILE, &limit);
	if (limit.rlim_cur >= need)
		return;
	limit.rlim_cur = need;
	if (limit.rlim_max < need)
		limit.rlim_max = need;
	NEED(!setrlimit(RLIMIT_NOFILE, &limit), "RLIMIT_NOFILE of %u: %s", need, strerror(errno));
}

/* size * 100 rings at once, each used while all the others are there. */
void round_many(int size)
{
	unsigned i, nr = size * 100;
	struct io_uring *rings = calloc(nr, sizeof(*rings));

	raise_nofile(nr + 100);
	for (i = 0; i < nr; i++)
		ring_make(&rings[i], 4, 0);
	for (i = 0; i < nr; i++)
		nop_round_trip(&rings[i], i);
	for (i = 0; i < nr; i += nr / 20)
		idle_wait(&rings[i], 1000);
	for (i = 0; i < nr; i++)
		ring_end(&rings[i]);
	free(rings);
}

#define MEMLOCK_MAX 4096

static struct io_uring rings[MEMLOCK_MAX];

/* Makes rings until the kernel says that the limit is reached; returns how many. */
static unsigned fill(void)
{
	unsigned n;
	int ret;

	for (n = 0; n < MEMLOCK_MAX; n++) {
		ret = io_uring_queue_init(8, &rings[n], 0);
		if (ret) {
			CHECK(ret == -ENOMEM, "ring %u: %s", n, strerror(-ret));
			return n;
		}
		if (n % 16 == 0)
			nop_round_trip(&rings[n], n);
	}
	return n;
}

static void empty(unsigned n)
{
	while (n--)
		ring_end(&rings[n]);
	/* The kernel gives the pages back some time later. */
	sleep_us(1000000);
}

/*
 * Makes and ends rings, one after the other; returns how many were refused. The kernel gives pages
 * back late, and later still under load; a pause gives it time.
 */
static unsigned churn(unsigned times)
{
	unsigned i, failures = 0;
	struct io_uring ring;

	for (i = 0; i < times; i++) {
		if (i % 8 == 0)
			sleep_us(2000);
		if (io_uring_queue_init(8, &ring, 0)) {
			failures++;
			continue;
		}
		if (i % 16 == 0)
			nop_round_trip(&ring, i);
		ring_end(&ring);
	}
	return failures;
}

/*
 * To be run as an ordinary user with a memory lock limit. Prints how many rings could be made at
 * first and at the end; whoever runs it compares.
 */
void round_memlock(int size)
{
	unsigned first, last, failures;

	raise_nofile(MEMLOCK_MAX + 100);
	first = fill();
	empty(first);
	failures = churn(1000 * size);
	sleep_us(2100000); /* rings that ended count for up to two seconds */
	last = fill();
	empty(last);
	CHECK(last * 8 >= first * 7, "%u rings at first, %u at the end", first, last);
	printf("memlock first %u last %u churn-failures %u\n", first, last, failures);
}

/*
 * The limit is one for all processes of a user. Four of them have as many rings
 * as fit without the shim; all four must get all of theirs.
 */
#define WORKERS	     4
#define WORKER_RINGS 220

static void worker(int report, int hold)
{
	unsigned i, failures = 0;
	char byte;

	for (i = 0; i < WORKER_RINGS; i++)
		failures += !!io_uring_queue_init(8, &rings[i], 0);
	NEED(write(report, &failures, sizeof(failures)) == sizeof(failures), "write");
	/* Ends when the parent closes its end. */
	while (read(hold, &byte, 1) > 0)
		;
	_exit(0);
}

void round_memlock_workers(int size)
{
	unsigned failures = 0, one, i;
	int report[2], hold[2];

	(void)size;
	sleep_us(1500000); /* until the pages of the last round are back */
	NEED(!pipe(report) && !pipe(hold), "pipe");
	for (i = 0; i < WORKERS; i++) {
		if (!fork()) {
			close(hold[1]);
			worker(report[1], hold[0]);
		}
	}
	for (i = 0; i < WORKERS; i++) {
		NEED(read(report[0], &one, sizeof(one)) == sizeof(one), "read");
		failures += one;
	}
	close(hold[1]);
	while (wait(NULL) > 0)
		;
	close(hold[0]);
	close(report[0]);
	close(report[1]);
	CHECK(!failures, "%u of %u rings could not be had by %u processes", failures,
	      WORKERS * WORKER_RINGS, WORKERS);
}
