/* SPDX-License-Identifier: MIT */
/* What threads have: slots of the wait area and lines of counts, taken apart, that come back. */
#include <linux/seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

#include "unit.h"

#include "process/stats_page.h"
#include "process/thread.h"
#include "process/threads.h"
#include "child.h"
#include "endings.h"
#include "mallocs.h"

#define THREADS (ZONE_LINES + 20)
#define WHY	REASON_KERNEL

static struct process *p;
static pthread_barrier_t barrier;

struct taken {
	bool got, again;
	uint32_t offset;
	struct reg_wait *slot;
	struct reg_wait seen;
	struct regwait_wait_counts *counts;
	int err;
	unsigned mallocs;
};

static void take(struct taken *t)
{
	errno = 4242;
	mallocs = 0;
	t->got = thread_take_slot(p);
	t->again = thread_take_slot(p);
	t->mallocs = mallocs;
	t->err = errno;
	t->offset = me.offset;
	t->slot = me.slot;
	t->counts = me.counts;
	if (!t->got)
		return;
	t->seen = *me.slot;
	me.slot->ts.tv_sec = 77;
}

static void *take_and_hold(void *arg)
{
	take(arg);
	count_plain(p, WHY);
	pthread_barrier_wait(&barrier); /* all have one or have not */
	pthread_barrier_wait(&barrier); /* the test has looked */
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

/* A thread without one must not match any ring, nor be able to write; with no process or with. */
static void none_at_first(void **state)
{
	(void)state;
	assert_false(thread_has_slot() || thread_has_line());
	count_plain(NULL, WHY);
	p = process_get();
	assert_non_null(p);
	assert_false(thread_has_slot() || thread_has_line());
	assert_int_equal(p->slot_owners.used + p->line_owners.used, 0);
}

static pthread_t first_thread;

static void *take_what_it_left(void *unused)
{
	(void)unused;
	CHILD_ASSERT(!pthread_join(first_thread, NULL));
	CHILD_ASSERT(thread_take_slot(p) && me.offset == 0);
	CHILD_ASSERT(me.counts == stats_page_counts(p->stats_page, 0));
	_exit(0);
}

/*
 * The only thread of a process locks nothing; before there is a second one, it does, so that this
 * one gets what it leaves.
 */
static void the_first_thread(void **state)
{
	pid_t pid = fork();
	pthread_t t;

	(void)state;
	if (!pid) {
		CHILD_ASSERT(threads_are_none() && process_get() == p && thread_take_slot(p));
		CHILD_ASSERT(p->slot_owners.first_unlocked && p->line_owners.first_unlocked);
		errno = 4242;
		thread_keep_places();
		CHILD_ASSERT(errno == 4242);
		CHILD_ASSERT(!p->slot_owners.first_unlocked && !p->line_owners.first_unlocked);
		first_thread = pthread_self();
		CHILD_ASSERT(!pthread_create(&t, NULL, take_what_it_left, NULL));
		pthread_exit(NULL);
	}
	assert_child_is_content(pid);
}

static void *take_line_only(void *arg)
{
	struct taken *t = arg;

	count_plain(p, WHY);
	t->got = thread_has_slot();
	t->counts = thread_has_line() ? me.counts : NULL;
	return NULL;
}

/* Whoever waits plainly needs no slot, and must not take one from others. */
static void a_line_without_a_slot(void **state)
{
	struct taken t;
	pthread_t thread;

	(void)state;
	assert_int_equal(pthread_create(&thread, NULL, take_line_only, &t), 0);
	pthread_join(thread, NULL);
	assert_false(t.got);
	assert_ptr_equal(t.counts, stats_page_counts(p->stats_page, 0));
	assert_int_equal(t.counts->plain[WHY], 1);
	assert_int_equal(p->slot_owners.used, 0);
	assert_int_equal(p->line_owners.used, 1);
}

static void a_slot_and_a_line(void **state)
{
	struct taken t;
	pthread_t thread;

	(void)state;
	hold(&t, &thread, 1);
	assert_true(t.got && t.again);
	assert_int_equal(t.err, 4242);
	assert_int_equal(t.mallocs, 0);
	assert_ptr_equal(t.slot, (char *)p->slots + t.offset);
	assert_int_equal(t.seen.flags, REG_WAIT_TS);
	assert_int_equal(t.seen.sigmask, 0);
	assert_int_equal(t.seen.sigmask_sz, KERNEL_SIGSET_SIZE);
	/* The line of the thread before: its counts are still counted. */
	assert_ptr_equal(t.counts, stats_page_counts(p->stats_page, 0));
	assert_int_equal(t.counts->plain[WHY], 2);
	release(&thread, 1);
}

static uint64_t lines_sum(void)
{
	uint64_t n = 0;
	unsigned i;

	for (i = 0; i < ZONE_LINES; i++)
		n += stats_page_counts(p->stats_page, i)->plain[WHY];
	return n;
}

static void more_threads_than_there_are(void **state)
{
	static struct taken t[THREADS];
	static pthread_t threads[THREADS];
	uint64_t before = lines_sum();
	unsigned i, j, slots = 0, shared = 0;

	(void)state;
	hold(t, threads, THREADS);
	for (i = 0; i < THREADS; i++) {
		assert_int_equal(t[i].got, t[i].again);
		assert_int_equal(t[i].err, 4242);
		slots += t[i].got;
		shared += t[i].counts == &p->stats_page->shared_line;
		/* Never the last one in the pages: the kernel reads the first in its stead. */
		if (t[i].got)
			assert_true(t[i].offset + 2 * sizeof(struct reg_wait) <= p->slots_size);
		for (j = 0; j < i; j++) {
			assert_false(t[j].got && t[i].got && t[j].slot == t[i].slot);
			assert_true(t[j].counts != t[i].counts ||
				    t[i].counts == &p->stats_page->shared_line);
		}
	}
	assert_int_equal(slots, ZONE_SLOTS);
	assert_int_equal(shared, THREADS - ZONE_LINES);
	release(threads, THREADS);
	assert_int_equal(lines_sum() - before, ZONE_LINES);
	assert_between(p->stats_page->shared_line.plain[WHY], 1, shared);
}

struct late {
	pthread_barrier_t barrier;
	bool before, after;
	unsigned tries;
};

static void *ask_again(void *arg)
{
	struct late *l = arg;

	l->before = thread_take_slot(p);
	pthread_barrier_wait(&l->barrier);
	pthread_barrier_wait(&l->barrier);
	for (l->tries = 0; !l->after && l->tries < 1000; l->tries++)
		l->after = thread_take_slot(p);
	return NULL;
}

/*
 * A thread that found no slot does not search at every wait, but gets one soon after another ends.
 */
static void one_that_waited_for_it(void **state)
{
	static struct taken t[ZONE_SLOTS];
	static pthread_t threads[ZONE_SLOTS];
	struct late late = { .before = true };
	pthread_t thread;

	(void)state;
	hold(t, threads, ZONE_SLOTS);
	pthread_barrier_init(&late.barrier, NULL, 2);
	assert_int_equal(pthread_create(&thread, NULL, ask_again, &late), 0);
	pthread_barrier_wait(&late.barrier);
	assert_false(late.before);
	release(threads, ZONE_SLOTS);
	pthread_barrier_wait(&late.barrier);
	pthread_join(thread, NULL);
	assert_true(late.after);
	assert_between(late.tries, 2, 256);
}

static struct taken last;

static void *take_and_end(void *way)
{
	take(&last);
	return end_thread((intptr_t)way);
}

static void they_come_back(void **state)
{
	unsigned slots = p->slot_owners.used, lines = p->line_owners.used, i;
	intptr_t way;
	pthread_t t;

	(void)state;
	for (way = 0; way < ENDINGS; way++)
		for (i = 0; i < 2 * ZONE_SLOTS; i++) {
			memset(&last, 0, sizeof(last));
			assert_int_equal(pthread_create(&t, NULL, take_and_end, (void *)way), 0);
			pthread_join(t, NULL);
			assert_true(last.got);
			assert_int_equal(last.offset, 0);
			assert_int_equal(last.seen.ts.tv_sec, 0); /* nothing of who had it */
			assert_ptr_equal(last.counts, stats_page_counts(p->stats_page, 0));
		}
	assert_int_equal(p->slot_owners.used, slots);
	assert_int_equal(p->line_owners.used, lines);
}

/* In a child: nothing of the parent's, and one of its own; for its threads, too. */
static void child(void)
{
	pthread_t t;
	unsigned i;

	CHILD_ASSERT(!thread_has_slot() && !thread_has_line());
	CHILD_ASSERT(process_get() == p);
	for (i = 0; i < ZONE_SLOTS; i++)
		CHILD_ASSERT(p->slots[i].sigmask == UINT64_MAX);
	CHILD_ASSERT(!thread_has_slot() && !thread_has_line());
	CHILD_ASSERT(thread_take_slot(p) && thread_has_slot() && thread_has_line());
	CHILD_ASSERT(me.offset == 0 && me.slot->flags == REG_WAIT_TS);
	CHILD_ASSERT(!me.counts->plain[WHY]);
	CHILD_ASSERT(!pthread_create(&t, NULL, take_and_end, NULL));
	CHILD_ASSERT(!pthread_join(t, NULL));
	CHILD_ASSERT(last.got && last.offset == sizeof(struct reg_wait));
	_exit(0);
}

static pid_t raw_clone(void)
{
	return syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL);
}

/* Forks while it has both. */
static void *fork_with_slot(void *arg)
{
	pid_t (*const *way)(void) = arg;
	pid_t pid;

	if (!thread_take_slot(p))
		return (void *)"no slot in the parent";
	me.slot->ts.tv_sec = 99;
	count_plain(p, WHY);
	pid = (*way)();
	if (!pid)
		child();
	if (child_status(pid))
		return (void *)"the child saw something else";
	if (!thread_has_slot() || me.slot->ts.tv_sec != 99 || !me.slot->flags)
		return (void *)"the parent lost its slot";
	return NULL;
}

static void a_fork_takes_none_along(void **state)
{
	pid_t (*ways[])(void) = { fork, _Fork, raw_clone };
	void *complaint;
	pthread_t t;
	unsigned i;

	(void)state;
	for (i = 0; i < 3; i++) {
		assert_int_equal(pthread_create(&t, NULL, fork_with_slot, &ways[i]), 0);
		pthread_join(t, &complaint);
		if (complaint)
			fail_msg("%s", (char *)complaint);
	}
}

/*
 * A sandbox in which any other call than to exit kills: a thread without a slot takes one all the
 * same.
 */
static void asks_nothing_in_a_sandbox(void **state)
{
	pid_t pid = fork();
	int status;

	(void)state;
	if (!pid) {
		CHILD_ASSERT(process_get());
		process_enters_sandbox();
		if (kernel_call(SYS_prctl, PR_SET_SECCOMP, SECCOMP_MODE_STRICT, 0, 0, 0, 0))
			_exit(77);
		count_plain(p, WHY);
		thread_take_slot(p);
		kernel_call(SYS_exit, !(thread_has_slot() && me.counts->plain[WHY] == 1), 0, 0, 0,
			    0, 0);
	}
	status = child_status(pid);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
		skip();
	assert_int_equal(status, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(none_at_first),
		cmocka_unit_test(the_first_thread),
		cmocka_unit_test(a_line_without_a_slot),
		cmocka_unit_test(a_slot_and_a_line),
		cmocka_unit_test(more_threads_than_there_are),
		cmocka_unit_test(one_that_waited_for_it),
		cmocka_unit_test(they_come_back),
		cmocka_unit_test(a_fork_takes_none_along),
		cmocka_unit_test(asks_nothing_in_a_sandbox),
	};

	return cmocka_run_group_tests_name("thread", tests, NULL, NULL);
}
