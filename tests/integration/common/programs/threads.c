/* SPDX-License-Identifier: MIT */
/*
 * Threads that wait: threads CASE COUNT. What each saw is added up, so that the
 * output does not depend on their order.
 */
#include <pthread.h>
#include <semaphore.h>
#include <time.h>

#include "program.h"
#include "waker.h"

#define WAITS 4

static pthread_barrier_t barrier;
static struct io_uring shared;
static unsigned timed_out, wrong, early;

static long ms_since(const struct timespec *a)
{
	struct timespec b;

	clock_gettime(CLOCK_MONOTONIC, &b);
	return (b.tv_sec - a->tv_sec) * 1000 + (b.tv_nsec - a->tv_nsec) / 1000000;
}

static void wait_for_nothing(struct io_uring *ring, unsigned ms)
{
	struct io_uring_cqe *cqe;
	struct timespec since;
	int ret;

	clock_gettime(CLOCK_MONOTONIC, &since);
	ret = io_uring_wait_cqe_timeout(ring, &cqe, AFTER_MS(ms));
	__atomic_fetch_add(ret == -ETIME ? &timed_out : &wrong, 1, __ATOMIC_RELAXED);
	if (ms_since(&since) < (long)ms)
		__atomic_fetch_add(&early, 1, __ATOMIC_RELAXED);
}

static void sums(void)
{
	say("timed out %u, anything else %u, too early %u", timed_out, wrong, early);
}

static void start(pthread_t *t, void *(*run)(void *), void *arg)
{
	int err = pthread_create(t, NULL, run, arg);

	if (err)
		die("pthread_create", -err);
}

/* All at once, each on its own ring, each with its own time. */
static void *own_ring(void *arg)
{
	unsigned nr = (uintptr_t)arg, i;
	struct io_uring ring;

	must_init(&ring, 4, 0);
	pthread_barrier_wait(&barrier);
	for (i = 0; i < WAITS; i++)
		wait_for_nothing(&ring, 3 + nr % 7);
	pthread_barrier_wait(&barrier);
	io_uring_queue_exit(&ring);
	return NULL;
}

static void *same_ring(void *arg)
{
	unsigned i;

	pthread_barrier_wait(&barrier);
	for (i = 0; i < WAITS; i++)
		wait_for_nothing(&shared, 3 + (uintptr_t)arg % 7);
	pthread_barrier_wait(&barrier);
	return NULL;
}

static void at_once(unsigned count, void *(*run)(void *))
{
	pthread_t *t = calloc(count, sizeof(*t));
	unsigned i;

	pthread_barrier_init(&barrier, NULL, count);
	for (i = 0; i < count; i++)
		start(&t[i], run, (void *)(uintptr_t)i);
	for (i = 0; i < count; i++)
		pthread_join(t[i], NULL);
	free(t);
}

/* One after the other. */
static void *one_wait(void *arg)
{
	(void)arg;
	wait_for_nothing(&shared, 0);
	wait_for_nothing(&shared, 1);
	return NULL;
}

static void one_by_one(unsigned count, void *(*run)(void *))
{
	pthread_t t;

	while (count--) {
		start(&t, run, NULL);
		pthread_join(t, NULL);
	}
}

/* A thread whose own destructor waits, as often as the C library lets it. */
static pthread_key_t key;

static void last_words(void *again)
{
	wait_for_nothing(&shared, 1);
	if ((uintptr_t)again > 1)
		pthread_setspecific(key, (void *)((uintptr_t)again - 1));
}

static void *wait_in_destructor(void *arg)
{
	(void)arg;
	pthread_setspecific(key, (void *)(uintptr_t)2);
	wait_for_nothing(&shared, 1);
	return NULL;
}

/* The same, in every round of destructors that there is. */
static void *wait_in_last_destructor(void *arg)
{
	(void)arg;
	pthread_setspecific(key, (void *)(uintptr_t)100);
	return NULL;
}

/* A thread that is cancelled while it waits. */
static sem_t waiting;
static pid_t waits;

static void *be_cancelled(void *arg)
{
	struct io_uring_cqe *cqe;

	(void)arg;
	pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
	waits = syscall(SYS_gettid);
	sem_post(&waiting);
	io_uring_wait_cqe_timeout(&shared, &cqe, AFTER_MS(20000));
	return NULL;
}

static void cancel_all(unsigned count)
{
	void *result;
	pthread_t t;

	sem_init(&waiting, 0, 0);
	while (count--) {
		start(&t, be_cancelled, NULL);
		sem_wait(&waiting);
		waker_until_asleep(waits);
		pthread_cancel(t);
		pthread_join(t, &result);
		if (result != PTHREAD_CANCELED)
			say("it was not cancelled");
	}
	one_by_one(1, one_wait);
}

static pthread_t first;

/* Waits after the first thread has ended, and ends the program in its place. */
static void *outlive(void *arg)
{
	uintptr_t count = (uintptr_t)arg;

	pthread_join(first, NULL);
	while (count--)
		wait_for_nothing(&shared, 1);
	sums();
	exit(0);
}

static void end_first(unsigned count)
{
	pthread_t t;

	wait_for_nothing(&shared, 1);
	first = pthread_self();
	start(&t, outlive, (void *)(uintptr_t)count);
	pthread_exit(NULL);
}

int main(int argc, char **argv)
{
	unsigned count = argc > 2 ? atoi(argv[2]) : 1;
	const char *which = argc > 1 ? argv[1] : "";

	must_init(&shared, 8, 0);
	/* If the shim has a key, it is the older one, and its destructor runs before ours. */
	if (!strcmp(which, "last-destructor"))
		wait_for_nothing(&shared, 1);
	if (!strcmp(which, "own-rings"))
		at_once(count, own_ring);
	else if (!strcmp(which, "same-ring"))
		at_once(count, same_ring);
	else if (!strcmp(which, "short"))
		one_by_one(count, one_wait);
	else if (!strcmp(which, "cancelled"))
		cancel_all(count);
	else if (!strcmp(which, "first-ends"))
		end_first(count);
	else if (!strcmp(which, "destructor") && !pthread_key_create(&key, last_words))
		one_by_one(count, wait_in_destructor);
	else if (!strcmp(which, "last-destructor") && !pthread_key_create(&key, last_words))
		one_by_one(count, wait_in_last_destructor);
	else
		die("usage: threads CASE COUNT", 0);
	sums();
	io_uring_queue_exit(&shared);
	return 0;
}
