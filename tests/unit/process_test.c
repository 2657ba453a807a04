/* SPDX-License-Identifier: MIT */
/* The state of a process: made once, and anew in a child of any kind. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "unit.h"

#include "base/config.h"
#include "process/process.h"
#include "child.h"
#include "mallocs.h"

/* This test is the first, before anything has made one. */
static void none_at_first(void **state)
{
	(void)state;
	assert_null(process_peek());
	assert_int_equal(*live_mode, MODE_ON);
}

/*
 * Slots that nobody has written would be endless waits, but for a mask that is nowhere: all of the
 * pages that the kernel is given, also those that are never handed out.
 */
static void assert_slots_are_guarded(const struct process *p)
{
	size_t i;

	for (i = 0; i < p->slots_size / sizeof(struct reg_wait); i++) {
		CHILD_ASSERT(p->slots[i].sigmask == UINT64_MAX);
		CHILD_ASSERT(p->slots[i].sigmask_sz == sizeof(uint64_t));
		CHILD_ASSERT(!p->slots[i].flags);
	}
}

/* Fewer than a page has, as many as that, and some more than a page of any size. */
static void every_slot_is_guarded(void **state)
{
	const unsigned slots[] = { 1, 10, ZONE_SLOTS, ZONE_SLOTS + 1, 100, 1100 };
	unsigned i;

	(void)state;
	for (i = 0; i < sizeof(slots) / sizeof(slots[0]); i++) {
		pid_t pid = fork();

		if (!pid) {
			config.slots = slots[i];
			process_start();
			assert_slots_are_guarded(process_get());
			pid = fork();
			if (!pid) {
				assert_slots_are_guarded(process_get());
				_exit(0);
			}
			_exit(!!child_status(pid));
		}
		assert_child_is_content(pid);
	}
}

static void is_made_once(void **state)
{
	struct process *p;

	(void)state;
	errno = 4242;
	p = process_get();
	assert_ptr_equal(p, &this_process);
	assert_int_equal(errno, 4242);
	assert_ptr_equal(process_peek(), p);
	assert_ptr_equal(process_get(), p);
}

static void looks_as_it_should(void **state)
{
	struct process *p = process_get();
	size_t page = sysconf(_SC_PAGESIZE);

	(void)state;
	assert_int_equal(p->slot_owners.nr, config.slots);
	assert_int_equal(p->line_owners.nr, ZONE_LINES);
	assert_int_equal((uintptr_t)p->slots % page, 0);
	assert_int_equal(p->slots_size % page, 0);
	/* One more than are handed out, since the kernel cannot be asked for the last. */
	assert_true(p->slots_size >= (p->slot_owners.nr + 1) * sizeof(struct reg_wait));
	/* What is kept in the place of the last one looks like that, too. */
	assert_true(area.slots[ZONE_SLOTS].sigmask == UINT64_MAX && !area.slots[ZONE_SLOTS].flags);
	assert_int_equal(area.slots[ZONE_SLOTS].sigmask_sz, sizeof(uint64_t));
	assert_int_equal(p->nonce & ~NONCE_MASK, 0);
	assert_int_not_equal(p->nonce, 0);
	assert_int_not_equal(p->nonce, NONCE_MASK);
	assert_int_equal(p->serving, p->nonce);
	assert_int_equal(p->stats_page->pid, getpid());
	assert_ptr_equal(live_mode, &p->stats_page->mode);
	assert_true(process_is_mine(p));
}

/* The child finds nothing of its parent's, and makes its own in the same place. */
static void child(uint64_t nonce)
{
	struct process *p;
	size_t i;

	CHILD_ASSERT(!process_peek());
	for (i = 0; i < sizeof(zone); i++)
		CHILD_ASSERT(((char *)&zone)[i] == 0);
	errno = 4242;
	p = process_get();
	CHILD_ASSERT(p == &this_process && errno == 4242);
	CHILD_ASSERT(p->nonce != nonce && p->serving == p->nonce);
	CHILD_ASSERT(area.kept.ancestors[0] == nonce);
	/* The slots are what they were, but nobody's. */
	CHILD_ASSERT(p->slots[3].sigmask == UINT64_MAX && !p->slot_owners.used);
	CHILD_ASSERT(p->stats_page->pid == kernel_call(SYS_getpid, 0, 0, 0, 0, 0, 0));
	CHILD_ASSERT(process_peek() == p && process_lock(p));
	process_unlock(p);
	_exit(0);
}

static void survives(struct process *p, uint64_t nonce)
{
	assert_ptr_equal(process_get(), p);
	assert_int_equal(p->nonce, nonce);
	assert_int_equal(p->slots[3].ts.tv_sec, 1234);
	p->slots[3].ts.tv_sec = 0;
}

static pid_t raw_clone(void)
{
	return syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL);
}

/* In the last two no handler of the C library runs. */
static void any_fork_wipes(void **state)
{
	pid_t (*const ways[])(void) = { fork, _Fork, raw_clone };
	struct process *p = process_get();
	uint64_t nonce = p->nonce;
	unsigned i;

	(void)state;
	for (i = 0; i < 3; i++) {
		pid_t pid;

		p->slots[3].ts.tv_sec = 1234;
		pid = ways[i]();
		if (!pid)
			child(nonce);
		assert_child_is_content(pid);
		survives(p, nonce);
	}
}

/* A lock that another thread holds during the fork is free in the child. */
static void *fork_meanwhile(void *arg)
{
	uint64_t nonce = this_process.nonce;
	pid_t pid = fork();

	(void)arg;
	if (!pid)
		child(nonce);
	return (void *)(intptr_t)pid;
}

static void fork_under_lock(void **state)
{
	struct process *p = process_get();
	pthread_t t;
	void *pid;

	(void)state;
	assert_int_equal(pthread_create(&t, NULL, fork_meanwhile, NULL), 0);
	assert_int_equal(pthread_join(t, &pid), 0);
	assert_child_is_content((intptr_t)pid);
	assert_true(process_lock(p));
	assert_int_equal(pthread_create(&t, NULL, fork_meanwhile, NULL), 0);
	assert_int_equal(pthread_join(t, &pid), 0);
	assert_child_is_content((intptr_t)pid);
	process_unlock(p);
}

/* Each has a nonce of its own, and knows those whose rings it may have inherited. */
static void grandchildren_differ(void **state)
{
	uint64_t nonce = process_get()->nonce;
	pid_t pid = fork();

	(void)state;
	if (!pid) {
		uint64_t childs = process_get()->nonce;

		pid = fork();
		if (!pid) {
			uint64_t mine = process_get()->nonce;

			CHILD_ASSERT(mine != childs && mine != nonce);
			CHILD_ASSERT(area.kept.ancestors[0] == childs);
			CHILD_ASSERT(area.kept.ancestors[1] == nonce);
			_exit(0);
		}
		_exit(!!child_status(pid));
	}
	assert_child_is_content(pid);
}

static void without_memory(void **state)
{
	pid_t pid = fork();

	(void)state;
	if (!pid) {
		struct rlimit none = { 0, 0 };

		CHILD_ASSERT(!setrlimit(RLIMIT_AS, &none) && !setrlimit(RLIMIT_DATA, &none));
		mallocs = 0;
		CHILD_ASSERT(process_get());
		CHILD_ASSERT(!mallocs);
		_exit(0);
	}
	assert_child_is_content(pid);
}

static void *get_in_thread(void *arg)
{
	pthread_barrier_wait(arg);
	return (void *)(process_get() ? this_process.nonce : 0);
}

/* Many at once, in a child where there is none yet: it is made once. */
static void made_by_many(void **state)
{
	pid_t pid = fork();

	(void)state;
	if (!pid) {
		pthread_barrier_t barrier;
		pthread_t t[16];
		void *nonce[16];
		int i;

		pthread_barrier_init(&barrier, NULL, 16);
		for (i = 0; i < 16; i++)
			CHILD_ASSERT(!pthread_create(&t[i], NULL, get_in_thread, &barrier));
		for (i = 0; i < 16; i++)
			CHILD_ASSERT(!pthread_join(t[i], &nonce[i]));
		for (i = 0; i < 16; i++)
			CHILD_ASSERT(nonce[i] && nonce[i] == (void *)this_process.nonce);
		_exit(0);
	}
	assert_child_is_content(pid);
}

/* REGWAIT_SLOTS beyond what the zone has: in memory of its own, of which all of this is true. */
static void more_slots(void **state)
{
	pid_t pid = fork();

	(void)state;
	if (!pid) {
		struct process *p;

		config.slots = 320; /* they fill pages, but for the one that is not handed out */
		process_start();
		p = process_get();
		CHILD_ASSERT(p && p->slot_owners.nr == 320 && p->line_owners.nr == 320);
		CHILD_ASSERT(p->slots_size >= 321 * sizeof(struct reg_wait));
		CHILD_ASSERT((char *)p->slots + p->slots_size <= (char *)p->slot_owners.owner);
		p->slots[319].flags = 1;
		p->stats_page->rings.seen = 1;
		pid = fork();
		if (!pid) {
			CHILD_ASSERT(!process_peek() && process_get() == p);
			CHILD_ASSERT(p->slot_owners.nr == 320 && !p->slots[319].flags);
			CHILD_ASSERT(!p->stats_page->rings.seen);
			_exit(0);
		}
		_exit(!!child_status(pid));
	}
	assert_child_is_content(pid);
}

static uint64_t blocked(void)
{
	uint64_t mask = 0;

	kernel_call(SYS_rt_sigprocmask, SIG_BLOCK, 0, (long)&mask, KERNEL_SIGSET_SIZE, 0, 0);
	return mask;
}

/* Those of libc's own, by which it cancels threads, too: all but SIGKILL and SIGSTOP. */
static void signals_wait_for_the_lock(void **state)
{
	const uint64_t never = (uint64_t)1 << (SIGKILL - 1) | (uint64_t)1 << (SIGSTOP - 1);
	struct process *p = process_get();
	const uint64_t usr1 = (uint64_t)1 << (SIGUSR1 - 1);
	sigset_t set;

	(void)state;
	assert_int_equal(blocked(), 0);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	assert_true(process_lock(p));
	assert_int_equal(blocked(), ~never);
	process_unlock(p);
	assert_int_equal(blocked(), usr1);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

/* Whoever starts us may have blocked some. */
static int unblock_all(void **state)
{
	sigset_t none;

	(void)state;
	sigemptyset(&none);
	return sigprocmask(SIG_SETMASK, &none, NULL);
}

int main(void)
{
	/* clang-format off */
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(none_at_first),
		cmocka_unit_test(every_slot_is_guarded),
		cmocka_unit_test(is_made_once),
		cmocka_unit_test(looks_as_it_should),
		cmocka_unit_test(any_fork_wipes),
		cmocka_unit_test(fork_under_lock),
		cmocka_unit_test(grandchildren_differ),
		cmocka_unit_test(without_memory),
		cmocka_unit_test(made_by_many),
		cmocka_unit_test(more_slots),
		cmocka_unit_test(signals_wait_for_the_lock),
	};
	/* clang-format on */

	return cmocka_run_group_tests_name("process", tests, unblock_all, NULL);
}
