/* SPDX-License-Identifier: MIT */
/* The state of a process in a sandbox: it does not change, and no system call is made. */
#include <linux/seccomp.h>
#include <sys/prctl.h>

#include "unit.h"

#include "process/process.h"
#include "child.h"

static uint64_t blocked(void)
{
	uint64_t mask = 0;

	kernel_call(SYS_rt_sigprocmask, SIG_BLOCK, 0, (long)&mask, KERNEL_SIGSET_SIZE, 0, 0);
	return mask;
}

/* A handler may have interrupted who has it: it is told no, at once, and no call is made. */
static void lock_in_a_sandbox(void **state)
{
	struct process *p = process_get();
	uint64_t before = blocked();

	(void)state;
	process_enters_sandbox();
	assert_true(process_lock(p));
	assert_int_equal(blocked(), before);
	assert_false(process_lock(p));
	process_unlock(p);
	assert_true(process_lock(p));
	process_unlock(p);
	process_leaves_sandbox();
}

static void serves_nothing_in_a_sandbox(void **state)
{
	struct process *p = process_get();
	uint64_t nonce = p->nonce;
	pid_t pid;

	(void)state;
	process_enters_sandbox();
	assert_int_equal(p->serving, 0);
	assert_int_equal(p->nonce, nonce);
	assert_ptr_equal(process_get(), p); /* what is there, stays */
	pid = fork();
	if (!pid) {
		/* A child is in it as well, and makes nothing. */
		CHILD_ASSERT(!process_get() && !process_peek() && process_sandboxed);
		_exit(0);
	}
	assert_child_is_content(pid);
	process_leaves_sandbox();
	assert_int_equal(p->serving, nonce);
	assert_false(process_sandboxed);
}

/* A filter holds, though the kernel refuses the next one. */
static void refused_within_a_sandbox(void **state)
{
	struct process *p = process_get();

	(void)state;
	process_enters_sandbox();
	process_enters_sandbox();
	process_leaves_sandbox();
	assert_true(process_sandboxed);
	assert_int_equal(p->serving, 0);
	process_leaves_sandbox();
	assert_false(process_sandboxed);
	assert_int_equal(p->serving, p->nonce);
}

/* A sandbox in which any other call than to exit kills. */
static void asks_nothing_in_a_sandbox(void **state)
{
	pid_t pid = fork();
	int status;

	(void)state;
	if (!pid) {
		struct process *p = process_get();

		CHILD_ASSERT(p);
		process_enters_sandbox();
		if (kernel_call(SYS_prctl, PR_SET_SECCOMP, SECCOMP_MODE_STRICT, 0, 0, 0, 0))
			_exit(77);
		process_enters_sandbox();
		process_leaves_sandbox();
		process_get();
		process_is_mine(p);
		if (process_lock(p))
			process_unlock(p);
		kernel_call(SYS_exit, 0, 0, 0, 0, 0, 0);
	}
	status = child_status(pid);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
		skip();
	assert_int_equal(status, 0);
}

/* A child of vfork has our memory, but a sandbox of its own. */
static void vforked_into_a_sandbox(void **state)
{
	struct process *p = process_get();
	pid_t pid = vfork();

	(void)state;
	if (!pid) {
		process_enters_sandbox();
		_exit(process_is_mine(p));
	}
	assert_child_is_content(pid);
	assert_false(process_sandboxed);
	assert_int_equal(p->serving, p->nonce);
	/* It is refused one: ours is not left. */
	process_enters_sandbox();
	pid = vfork();
	if (!pid) {
		process_enters_sandbox();
		process_leaves_sandbox();
		_exit(0);
	}
	assert_child_is_content(pid);
	assert_true(process_sandboxed);
	process_leaves_sandbox();
	assert_false(process_sandboxed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lock_in_a_sandbox),
		cmocka_unit_test(serves_nothing_in_a_sandbox),
		cmocka_unit_test(refused_within_a_sandbox),
		cmocka_unit_test(asks_nothing_in_a_sandbox),
		cmocka_unit_test(vforked_into_a_sandbox),
	};

	return cmocka_run_group_tests_name("sandbox", tests, NULL, NULL);
}
