/* SPDX-License-Identifier: MIT */
/* The lock of one word: one owner at a time, and nobody who waits is forgotten. */
#include <errno.h>
#include <pthread.h>

#include "unit.h"

#include "base/lock.h"

#define THREADS 4
#define ROUNDS	20000

static struct lock lock;
static unsigned count; /* not atomic: the lock is to protect it */

static void *take_and_count(void *unused)
{
	int i;

	(void)unused;
	for (i = 0; i < ROUNDS; i++) {
		lock_take(&lock);
		count++;
		lock_give(&lock);
	}
	return NULL;
}

static void one_at_a_time(void **state)
{
	pthread_t t[THREADS];
	int i;

	(void)state;
	for (i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&t[i], NULL, take_and_count, NULL), 0);
	for (i = 0; i < THREADS; i++)
		pthread_join(t[i], NULL);
	assert_int_equal(count, THREADS * ROUNDS);
	assert_int_equal(lock.state, LOCK_FREE);
}

static void *take_once(void *unused)
{
	(void)unused;
	lock_take(&lock);
	count++;
	lock_give(&lock);
	return NULL;
}

/* Given back only once somebody says that it sleeps. */
static void wakes_who_sleeps(void **state)
{
	pthread_t t[THREADS];
	int i;

	(void)state;
	count = 0;
	lock_take(&lock);
	for (i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&t[i], NULL, take_once, NULL), 0);
	while (__atomic_load_n(&lock.state, __ATOMIC_RELAXED) != LOCK_AWAITED)
		sched_yield();
	assert_int_equal(count, 0);
	lock_give(&lock);
	for (i = 0; i < THREADS; i++)
		pthread_join(t[i], NULL);
	assert_int_equal(count, THREADS);
}

static void tries_once(void **state)
{
	(void)state;
	errno = 4242;
	assert_true(lock_try(&lock));
	assert_false(lock_try(&lock));
	lock_give(&lock);
	assert_true(lock_try(&lock));
	lock_give(&lock);
	assert_int_equal(errno, 4242);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_at_a_time),
		cmocka_unit_test(wakes_who_sleeps),
		cmocka_unit_test(tries_once),
	};

	return cmocka_run_group_tests_name("lock", tests, NULL, NULL);
}
