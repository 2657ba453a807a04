/* SPDX-License-Identifier: MIT */
/* Places: no two threads have the same, and they come back however a thread ends. */
#include <errno.h>

#include "unit.h"

#include "process/places.h"
#include "endings.h"
#include "mallocs.h"

#define NR	8
#define WAITERS 12

static struct places places;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t barrier;

static int take(void)
{
	int i;

	pthread_mutex_lock(&lock);
	i = places_take(&places, false);
	pthread_mutex_unlock(&lock);
	return i;
}

static int begin(void **state)
{
	/* Each test has places of its own: this thread still holds those of the last test. */
	static pthread_mutex_t owners[8][NR];
	static unsigned tests;

	(void)state;
	places = (struct places){ .nr = NR, .owner = owners[tests++] };
	return 0;
}

static void *take_and_hold(void *arg)
{
	*(int *)arg = take();
	pthread_barrier_wait(&barrier);
	pthread_barrier_wait(&barrier);
	return NULL;
}

static void one_each(void **state)
{
	pthread_t t[WAITERS];
	int got[WAITERS], i, seen = 0;

	(void)state;
	pthread_barrier_init(&barrier, NULL, WAITERS + 1);
	for (i = 0; i < WAITERS; i++)
		assert_int_equal(pthread_create(&t[i], NULL, take_and_hold, &got[i]), 0);
	pthread_barrier_wait(&barrier);
	for (i = 0; i < WAITERS; i++) {
		if (got[i] < 0)
			continue;
		assert_between(got[i], 0, NR - 1);
		assert_false(seen & 1 << got[i]);
		seen |= 1 << got[i];
	}
	assert_int_equal(seen, (1 << NR) - 1);
	assert_int_equal(take(), -1);
	pthread_barrier_wait(&barrier);
	for (i = 0; i < WAITERS; i++)
		pthread_join(t[i], NULL);
	/* All at once, to a thread that lives on. */
	for (i = 0; i < NR; i++)
		assert_int_equal(take(), i);
	assert_int_equal(take(), -1);
}

static int taken;

static void *take_and_end(void *way)
{
	taken = take();
	return end_thread((intptr_t)way);
}

/* The same place again and again: what was given back last is taken first. */
static void come_back(void **state)
{
	intptr_t way, i;
	pthread_t t;

	(void)state;
	assert_int_equal(take(), 0);
	for (i = 0; i < 3; i++)
		for (way = 0; way < ENDINGS; way++) {
			taken = -1;
			assert_int_equal(pthread_create(&t, NULL, take_and_end, (void *)way), 0);
			pthread_join(t, NULL);
			assert_int_equal(taken, 1);
			assert_int_equal(places.used, 2);
		}
}

static void take_late(void *value)
{
	(void)value;
	taken = take();
}

static void *take_in_destructor(void *key)
{
	pthread_setspecific(*(pthread_key_t *)key, key);
	return NULL;
}

/* From the last code of the program's that runs in a thread. */
static void taken_late(void **state)
{
	pthread_key_t key;
	pthread_t t;
	int i;

	(void)state;
	assert_int_equal(pthread_key_create(&key, take_late), 0);
	for (i = 0; i < 3; i++) {
		taken = -1;
		assert_int_equal(pthread_create(&t, NULL, take_in_destructor, &key), 0);
		pthread_join(t, NULL);
		assert_int_equal(taken, 0);
	}
	pthread_key_delete(key);
}

static int take_alone(void)
{
	return places_take(&places, true);
}

static void *take_several(void *unused)
{
	(void)unused;
	for (taken = 0; take() >= 0; taken++)
		;
	return NULL;
}

/* Whose mutex is not locked, keeps the first place all the same. */
static void alone_and_unseen(void **state)
{
	pthread_t t;

	(void)state;
	assert_int_equal(take_alone(), 0);
	assert_true(places.first_unlocked);
	/* Only the first is taken so: if there is another thread after all, it gets another place. */
	assert_int_equal(take_alone(), 1);
	assert_int_equal(pthread_create(&t, NULL, take_several, NULL), 0);
	pthread_join(t, NULL);
	assert_int_equal(taken, NR - 2);
	/* Those of the thread that ended, and no more. */
	for (taken = 2; taken < NR; taken++)
		assert_int_equal(take(), taken);
	assert_int_equal(take(), -1);
	assert_int_equal(take_alone(), -1);
}

static void *take_alone_and_lock(void *way)
{
	taken = take_alone();
	pthread_mutex_lock(&lock);
	places_lock(&places, taken);
	places_lock(&places, taken); /* once is enough */
	pthread_mutex_unlock(&lock);
	return end_thread((intptr_t)way);
}

/* What was taken alone comes back once it was locked, however the thread ends. */
static void alone_and_then_locked(void **state)
{
	pthread_t t;

	(void)state;
	assert_int_equal(pthread_create(&t, NULL, take_alone_and_lock, (void *)EXITS_BARELY), 0);
	pthread_join(t, NULL);
	assert_int_equal(taken, 0);
	assert_false(places.first_unlocked);
	assert_int_equal(take(), 0);
	assert_int_equal(take(), 1);
}

static void allocates_nothing(void **state)
{
	(void)state;
	mallocs = 0;
	errno = 4242;
	assert_int_equal(take(), 0);
	assert_int_equal(mallocs, 0);
	assert_int_equal(errno, 4242);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(one_each, begin),
		cmocka_unit_test_setup(come_back, begin),
		cmocka_unit_test_setup(taken_late, begin),
		cmocka_unit_test_setup(alone_and_unseen, begin),
		cmocka_unit_test_setup(alone_and_then_locked, begin),
		cmocka_unit_test_setup(allocates_nothing, begin),
	};

	return cmocka_run_group_tests_name("places", tests, NULL, NULL);
}
