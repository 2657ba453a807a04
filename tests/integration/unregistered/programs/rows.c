/* SPDX-License-Identifier: MIT */
/*
 * The operations that gain nothing by registering, one a row, as an unmodified program does them.
 *
 *	rows ROW count N	none and then N operations, each between two marks (steps.c)
 *	rows ROW time THREADS	median nanoseconds of one, of threads that each have a ring
 *	rows first-in-child faults N	page faults of N children, on average
 *	rows --list
 *
 * What must be set for a row to be that row (REGWAIT_SLOTS=1 ...) is for the caller, see ../limits.
 * SWITCH_OFF in the environment is a command that is given our process id and "off".
 */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "../operations.h"

#define BLOCKS	    41
#define THREADS_MAX 16

static const struct row *row;

static __attribute__((noinline, noclone)) void operations(struct io_uring *ring, long n)
{
	void (*operation)(struct io_uring *) = row->operation;

	while (n--)
		operation(ring);
}

static void marked(struct io_uring *ring, long n)
{
	raise(SIGUSR1);
	operations(ring, n);
	raise(SIGUSR1);
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double one_block(struct io_uring *ring)
{
	unsigned i;
	double start, sum = 0;

	if (row->operation == fork_and_wait) {
		for (i = 0; i < row->per_block; i++) {
			fork_and_wait(ring);
			sum += child_cost->ns;
		}
		return sum / row->per_block;
	}
	start = now_ns();
	operations(ring, row->per_block);
	return (now_ns() - start) / row->per_block;
}

static void measure(struct lane *lane)
{
	double block[BLOCKS];
	int i;

	for (i = 0; i < BLOCKS; i++)
		block[i] = one_block(&lane->ring);
	qsort(block, BLOCKS, sizeof(*block), by_size);
	lane->median = block[BLOCKS / 2];
}

static long count; /* operations to be counted; 0: measure */
static pthread_barrier_t all_ready;
static struct lane lanes[THREADS_MAX];

static void pin(long nr)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(nr % sysconf(_SC_NPROCESSORS_ONLN), &set);
	sched_setaffinity(0, sizeof(set), &set);
}

/* A few operations first: what is found out once is not the operation's. */
static void *work(void *arg)
{
	struct lane *lane = arg;
	int i;

	if (!count)
		pin(lane - lanes);
	row->before(lane);
	for (i = 0; i < 20 && row->operation != fork_and_wait; i++)
		row->operation(&lane->ring);
	pthread_barrier_wait(&all_ready);
	if (!count) {
		measure(lane);
		return NULL;
	}
	marked(&lane->ring, 0);
	marked(&lane->ring, count);
	return NULL;
}

/* The first thread's wait, by which it has whatever a thread can have. */
static void first_wait(void)
{
	static struct lane first;

	one_ring(&first);
	timed(&first.ring);
}

static void run(long threads)
{
	pthread_t thread[THREADS_MAX];
	double sum = 0;
	long i;

	pthread_barrier_init(&all_ready, NULL, threads);
	if (row->in_thread)
		first_wait();
	for (i = row->in_thread ? 0 : 1; i < threads; i++)
		if (pthread_create(&thread[i], NULL, work, &lanes[i]))
			fail("pthread_create", -errno);
	if (!row->in_thread)
		work(&lanes[0]);
	for (i = row->in_thread ? 0 : 1; i < threads; i++)
		pthread_join(thread[i], NULL);
	for (i = 0; i < threads; i++)
		sum += lanes[i].median;
	if (!count)
		printf("%.2f\n", sum / threads);
}

static void count_faults(long children)
{
	long sum = 0, i;

	row->before(&lanes[0]);
	for (i = 0; i < children; i++) {
		row->operation(&lanes[0].ring);
		sum += child_cost->faults;
	}
	printf("%.2f\n", (double)sum / children);
}

int main(int argc, char **argv)
{
	const struct row *r;
	long number = argc == 4 ? atol(argv[3]) : 0;

	child_cost = mmap(NULL, sizeof(*child_cost), PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (child_cost == MAP_FAILED)
		fail("mmap", -errno);
	for (r = rows; r < rows + nr_rows; r++) {
		if (argc == 2)
			puts(r->name);
		else if (argc == 4 && !strcmp(argv[1], r->name))
			row = r;
	}
	if (argc == 2)
		return 0;
	if (!row || number < 1 || number > (*argv[2] == 't' ? THREADS_MAX : 1000000)) {
		fputs("usage: rows ROW count N | rows ROW time THREADS | rows --list\n", stderr);
		return 2;
	}
	if (*argv[2] == 'c')
		count = number;
	if (*argv[2] == 'f')
		count_faults(number);
	else
		run(count ? 1 : number);
	return 0;
}
