/* SPDX-License-Identifier: MIT */
/* The state of a process: made once, and anew in a child of any kind. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "unit.h"

#include "base/config.h"
#include "process/process.h"
#include "ring/tag.h"

#define CHILD_ASSERT(what) \
	do { \
		if (!(what)) { \
			fprintf(stderr, "in the child: %s does not hold\n", #what); \
			_exit(1); \
		} \
	} while (0)

static void assert_child_is_content(pid_t pid)
{
	int status;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

/* First, before anything made one. */
static void none_at_first(void **state)
{
	(void)state;
	assert_null(process_peek());
}

static void is_made_once(void **state)
{
	struct process *p;

	(void)state;
	errno = 4242;
	p = process_get();
	assert_non_null(p);
	assert_int_equal(errno, 4242);
	assert_ptr_equal(process_get(), p);
	assert_ptr_equal(process_peek(), p);
}

static void looks_as_it_should(void **state)
{
	struct process *p = process_get();
	size_t page = sysconf(_SC_PAGESIZE), i;

	(void)state;
	assert_int_equal(p->live, 1);
	assert_int_equal(p->nr_slots, config.slots);
	assert_int_equal((uintptr_t)p->slots % page, 0);
	assert_int_equal(p->slots_size % page, 0);
	/* One more than are handed out, since the kernel cannot be asked for the last. */
	assert_true(p->slots_size >= (p->nr_slots + 1) * sizeof(struct reg_wait));
	/* Slots that nobody has written would be endless waits, so they say nothing. */
	for (i = 0; i < p->slots_size; i++)
		assert_int_equal(((char *)p->slots)[i], 0);
	assert_int_equal(p->nonce & ~TAG_NONCE_MASK, 0);
	assert_int_not_equal(p->nonce, 0);
	assert_int_not_equal(p->nonce, TAG_NONCE_MASK);
}

/* The child finds nothing of its parent's, and makes its own. */
static void child(struct process *parents, uint64_t nonce)
{
	struct process *p;
	size_t i;

	CHILD_ASSERT(!process_peek());
	CHILD_ASSERT(parents->live == 0);
	for (i = 0; i < parents->slots_size; i++)
		CHILD_ASSERT(((char *)parents->slots)[i] == 0);
	errno = 4242;
	p = process_get();
	CHILD_ASSERT(p && errno == 4242);
	CHILD_ASSERT(p != parents);
	CHILD_ASSERT(p->nonce != nonce);
	CHILD_ASSERT(process_peek() == p);
	CHILD_ASSERT(!pthread_mutex_lock(&p->lock));
	CHILD_ASSERT(pthread_mutex_lock(&p->lock));	/* a second time: told so, not stuck */
	_exit(0);
}

static void survives(struct process *p, uint64_t nonce)
{
	assert_ptr_equal(process_get(), p);
	assert_int_equal(p->live, 1);
	assert_int_equal(p->nonce, nonce);
	assert_int_equal(p->slots[3].ts.tv_sec, 1234);
}

static void fork_wipes(void **state)
{
	struct process *p = process_get();
	uint64_t nonce = p->nonce;
	pid_t pid;

	(void)state;
	p->slots[3].ts.tv_sec = 1234;
	pid = fork();
	if (!pid)
		child(p, nonce);
	assert_child_is_content(pid);
	survives(p, nonce);
}

/* As fork, where no handler of the C library runs. */
static void raw_clone_wipes(void **state)
{
	struct process *p = process_get();
	uint64_t nonce = p->nonce;
	pid_t pid;

	(void)state;
	p->slots[3].ts.tv_sec = 1234;
	pid = syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL);
	if (!pid)
		child(p, nonce);
	assert_child_is_content(pid);
	survives(p, nonce);
}

/* A lock that another thread holds during the fork is not held in the child. */
static void *fork_meanwhile(void *arg)
{
	struct process *p = arg;
	uint64_t nonce = p->nonce;
	pid_t pid = fork();

	if (!pid)
		child(p, nonce);
	return (void *)(intptr_t)pid;
}

static void fork_under_lock(void **state)
{
	struct process *p = process_get();
	pthread_t t;
	void *pid;

	(void)state;
	assert_int_equal(pthread_mutex_lock(&p->lock), 0);
	assert_int_equal(pthread_create(&t, NULL, fork_meanwhile, p), 0);
	assert_int_equal(pthread_join(t, &pid), 0);
	assert_child_is_content((intptr_t)pid);
	assert_int_equal(pthread_mutex_unlock(&p->lock), 0);
}

static void grandchildren_differ(void **state)
{
	uint64_t nonce = process_get()->nonce;
	pid_t pid = fork();
	int status;

	(void)state;
	if (!pid) {
		uint64_t childs = process_get()->nonce;

		pid = fork();
		if (!pid) {
			CHILD_ASSERT(process_get()->nonce != childs);
			CHILD_ASSERT(process_get()->nonce != nonce);
			_exit(0);
		}
		CHILD_ASSERT(waitpid(pid, &status, 0) == pid && !status);
		_exit(0);
	}
	assert_child_is_content(pid);
}

/* In a child, so that the limit binds nobody else. */
static void without_memory(void **state)
{
	pid_t pid = fork();

	(void)state;
	if (!pid) {
		struct rlimit none = { 0, 0 };

		CHILD_ASSERT(!setrlimit(RLIMIT_AS, &none));
		errno = 4242;
		CHILD_ASSERT(!process_get());
		CHILD_ASSERT(errno == 4242);
		CHILD_ASSERT(!process_peek());
		_exit(0);
	}
	assert_child_is_content(pid);
}

static void *get_in_thread(void *arg)
{
	pthread_barrier_wait(arg);
	return process_get();
}

/* Many at once, in a child where there is none yet: all get the same. */
static void made_by_many(void **state)
{
	pid_t pid = fork();

	(void)state;
	if (!pid) {
		pthread_barrier_t barrier;
		pthread_t t[16];
		void *p[16];
		int i;

		pthread_barrier_init(&barrier, NULL, 16);
		for (i = 0; i < 16; i++)
			CHILD_ASSERT(!pthread_create(&t[i], NULL, get_in_thread, &barrier));
		for (i = 0; i < 16; i++)
			CHILD_ASSERT(!pthread_join(t[i], &p[i]));
		for (i = 0; i < 16; i++)
			CHILD_ASSERT(p[i] && p[i] == process_peek());
		_exit(0);
	}
	assert_child_is_content(pid);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(none_at_first),
		cmocka_unit_test(is_made_once),
		cmocka_unit_test(looks_as_it_should),
		cmocka_unit_test(fork_wipes),
		cmocka_unit_test(raw_clone_wipes),
		cmocka_unit_test(fork_under_lock),
		cmocka_unit_test(grandchildren_differ),
		cmocka_unit_test(without_memory),
		cmocka_unit_test(made_by_many),
	};

	return cmocka_run_group_tests_name("process", tests, NULL, NULL);
}
