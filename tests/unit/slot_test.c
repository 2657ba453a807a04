/* SPDX-License-Identifier: MIT */
/* Slots: who has one, that no two have the same, and that they come back. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "unit.h"

#include "process/slot.h"

#define THREADS_MAX 200

static struct process *p;
static pthread_barrier_t barrier;

struct taken {
	bool got, again;
	uint32_t offset;
	struct reg_wait *slot;
	struct regwait_wait_counts *counts;
	struct reg_wait seen;
	int err;
};

static void *take_and_hold(void *arg)
{
	struct taken *t = arg;

	errno = 4242;
	t->got = slot_take(p);
	t->again = slot_take(p);
	t->err = errno;
	t->offset = me.offset;
	t->slot = me.slot;
	t->counts = me.counts;
	if (me.slot)
		t->seen = *me.slot;
	if (t->got) {
		me.slot->ts.tv_sec = 77;
		me.counts->registered++;
	}
	pthread_barrier_wait(&barrier);		/* all have one or have not */
	pthread_barrier_wait(&barrier);		/* the test has looked */
	return NULL;
}

static void hold(struct taken *t, pthread_t *threads, unsigned n)
{
	unsigned i;

	memset(t, 0, n * sizeof(*t));
	pthread_barrier_init(&barrier, NULL, n + 1);
	for (i = 0; i < n; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, take_and_hold, &t[i]), 0);
	pthread_barrier_wait(&barrier);
}

static void release(pthread_t *threads, unsigned n)
{
	unsigned i;

	pthread_barrier_wait(&barrier);
	for (i = 0; i < n; i++)
		pthread_join(threads[i], NULL);
	pthread_barrier_destroy(&barrier);
}

static unsigned nr_taken(void)
{
	unsigned i, n = 0;

	for (i = 0; i < SLOT_WORDS; i++)
		n += __builtin_popcountll(p->taken[i]);
	return n;
}

/* A thread without one must not match any ring, nor be able to write. */
static void none_at_first(void **state)
{
	(void)state;
	assert_ptr_not_equal(me.nonce, &p->nonce);
	assert_int_equal(*me.nonce, 0);
	assert_null(me.counts);
	assert_int_equal(nr_taken(), 0);
}

static void one_thread(void **state)
{
	static struct taken t;
	pthread_t thread;

	(void)state;
	hold(&t, &thread, 1);
	assert_true(t.got && t.again);
	assert_int_equal(t.err, 4242);
	assert_ptr_equal(t.slot, (char *)p->slots + t.offset);
	assert_int_equal(t.seen.flags, REG_WAIT_TS);
	assert_int_equal(t.seen.sigmask_sz, KERNEL_SIGSET_SIZE);
	assert_int_equal(nr_taken(), 1);
	release(&thread, 1);
	assert_int_equal(nr_taken(), 0);
	/* What is nobody's says nothing, above all not "no timeout". */
	assert_int_equal(t.slot->flags, 0);
	assert_int_equal(t.slot->ts.tv_sec, 0);
}

static void all_slots(void **state)
{
	static struct taken t[THREADS_MAX];
	static pthread_t threads[THREADS_MAX];
	unsigned n = p->nr_slots + 10, i, j, got = 0;

	(void)state;
	assert_true(n <= THREADS_MAX);
	hold(t, threads, n);
	for (i = 0; i < n; i++) {
		assert_int_equal(t[i].got, t[i].again);
		assert_int_equal(t[i].err, 4242);
		if (!t[i].got) {
			assert_int_equal(t[i].seen.flags, 0);
			assert_null(t[i].counts);
			continue;
		}
		got++;
		/* Never the last one in the pages: the kernel reads the first in its stead. */
		assert_true(t[i].offset + 2 * sizeof(struct reg_wait) <= p->slots_size);
		assert_int_equal(t[i].offset % sizeof(struct reg_wait), 0);
		for (j = 0; j < i; j++)
			assert_false(t[j].got && (t[j].offset == t[i].offset ||
						  t[j].counts == t[i].counts));
	}
	assert_int_equal(got, p->nr_slots);
	assert_int_equal(nr_taken(), p->nr_slots);
	release(threads, n);
	assert_int_equal(nr_taken(), 0);
}

static void they_come_back(void **state)
{
	struct taken t;
	pthread_t thread;
	unsigned i;

	(void)state;
	for (i = 0; i < 3 * p->nr_slots; i++) {
		hold(&t, &thread, 1);
		assert_true(t.got);
		assert_int_equal(t.seen.ts.tv_sec, 0);	/* nothing of who had it before */
		release(&thread, 1);
	}
	assert_int_equal(nr_taken(), 0);
}

/* A signal handler may come in the middle of taking one. */
static void not_while_taking(void **state)
{
	(void)state;
	me.taking = 1;
	assert_false(slot_take(p));
	me.taking = 0;
	assert_int_equal(nr_taken(), 0);
}

static void *just_gettid(void *arg)
{
	(void)arg;
	return (void *)(intptr_t)gettid();
}

/* Taken by threads that were cancelled before, and after, they had said whose it is. */
static void left_by_the_cancelled(void **state)
{
	static struct taken t[3];
	pthread_t threads[3];
	unsigned i, k, got = 0;
	void *gone;

	(void)state;
	assert_int_equal(pthread_create(threads, NULL, just_gettid, NULL), 0);
	pthread_join(threads[0], &gone);
	for (i = 0; i < p->nr_slots; i++) {
		p->taken[i / 64] |= (uint64_t)1 << i % 64;
		p->owner[i] = gettid();
	}
	p->owner[5] = 0;
	p->owner[p->nr_slots - 1] = (intptr_t)gone;
	for (i = 0; i < 3; i++) {
		p->searched = 0;
		hold(&t[i], &threads[i], 1);
		got += t[i].got;
		assert_int_equal(t[i].err, 4242);
		if (i < 2)
			assert_int_equal(t[i].offset / sizeof(struct reg_wait),
					 i ? p->nr_slots - 1 : 5);
		p->owner[i ? p->nr_slots - 1 : 5] = gettid();	/* still held */
		release(&threads[i], 1);
		for (k = 0; k < p->nr_slots; k++) {
			p->taken[k / 64] |= (uint64_t)1 << k % 64;
			p->owner[k] = p->owner[k] ? p->owner[k] : gettid();
		}
	}
	assert_int_equal(got, 2);
	memset(p->taken, 0, sizeof(p->taken));
	memset(p->owner, 0, sizeof(p->owner));
}

/* A forked child has not its parent's slot, and can have one of its own. */
static void *fork_with_slot(void *arg)
{
	int status = -1;
	pid_t pid;

	(void)arg;
	if (!slot_take(p))
		return (void *)"no slot in the parent";
	me.slot->ts.tv_sec = 99;
	pid = fork();
	if (!pid) {
		struct process *mine;

		if (me.slot->flags || me.slot->ts.tv_sec)
			_exit(1);
		mine = process_get();
		if (!mine || me.nonce == &mine->nonce || !slot_take(mine))
			_exit(2);
		if (me.nonce != &mine->nonce || me.slot->flags != REG_WAIT_TS)
			_exit(3);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	if (status)
		return (void *)"the child saw something else";
	if (me.slot->ts.tv_sec != 99 || !me.slot->flags)
		return (void *)"the parent lost its slot";
	return NULL;
}

static void fork_takes_none_along(void **state)
{
	void *complaint;
	pthread_t t;

	(void)state;
	assert_int_equal(pthread_create(&t, NULL, fork_with_slot, NULL), 0);
	pthread_join(t, &complaint);
	assert_null(complaint);
	assert_int_equal(nr_taken(), 0);
}

static int set_up(void **state)
{
	(void)state;
	p = process_get();
	return !p;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(none_at_first),
		cmocka_unit_test(one_thread),
		cmocka_unit_test(all_slots),
		cmocka_unit_test(left_by_the_cancelled),
		cmocka_unit_test(they_come_back),
		cmocka_unit_test(not_while_taking),
		cmocka_unit_test(fork_takes_none_along),
	};

	return cmocka_run_group_tests_name("slot", tests, set_up, NULL);
}
