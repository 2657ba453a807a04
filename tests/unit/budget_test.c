/* SPDX-License-Identifier: MIT */
/* The locked memory that a user's processes share. */
#include <linux/capability.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit.h"

#include "base/config.h"
#include "ring/budget.h"

#define RINGS 6

static bool chosen; /* no other process has this user */
static struct process process = { .nonce = 1 << 16 };

/* A user of its own where we may choose one, without capabilities, who may arm six rings. */
static void become_user(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[2] = { { 0 } };
	struct rlimit limit = { .rlim_cur = RINGS * 64 * sysconf(_SC_PAGESIZE) };

	limit.rlim_max = limit.rlim_cur;
	/* First, since an ordinary user has less on kernels before 5.16. */
	if (setrlimit(RLIMIT_MEMLOCK, &limit)) {
		fprintf(stderr, "six rings are more memory than may be locked here\n");
		exit(77);
	}
	chosen = !getuid();
	if (chosen)
		assert_int_equal(setresuid(61000 + getpid() % 4000, -1, -1), 0);
	assert_int_equal(setreuid(getuid(), getuid()), 0);
	assert_int_equal(syscall(SYS_capset, &header, none), 0);
	process.slots_size = sysconf(_SC_PAGESIZE);
	config.max_rings = -1;
}

static unsigned take_all(void)
{
	unsigned n = 0;

	while (!budget_take(&process, n))
		n++;
	return n;
}

/* How many rings does another process of the user get? */
static unsigned for_another(void)
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		process.nonce++; /* as a child's is another */
		_exit(take_all());
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* A process that takes them all, and is there until it is killed. */
static pid_t hold_all(void)
{
	int ready[2];
	char c;
	pid_t pid;

	assert_int_equal(pipe(ready), 0);
	pid = fork();
	if (!pid) {
		/* Where the test fails, nobody kills us, and whoever reads what it says waits. */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		process.nonce += 2;
		c = take_all();
		if (write(ready[1], &c, 1) == 1)
			pause();
		_exit(1);
	}
	assert_int_equal(read(ready[0], &c, 1), 1);
	assert_int_equal(c, RINGS);
	close(ready[0]);
	close(ready[1]);
	return pid;
}

static void shared(void **state)
{
	unsigned i;

	(void)state;
	assert_int_equal(take_all(), RINGS);
	assert_int_equal(budget_take(&process, RINGS), REASON_LOCKED_MEMORY);
	assert_int_equal(for_another(), 0);
	budget_give_back(&process);
	budget_give_back(&process);
	assert_int_equal(for_another(), 2);
	for (i = 2; i < RINGS; i++)
		budget_give_back(&process);
	/* None is left: those of the others must stay counted. */
	budget_give_back(&process);
	assert_int_equal(for_another(), RINGS);
}

static void of_the_dead(void **state)
{
	pid_t pid = hold_all();
	int status;

	(void)state;
	assert_int_equal(for_another(), 0);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(for_another(), RINGS);
}

static void by_number(void **state)
{
	pid_t pid = hold_all();
	int status;

	(void)state;
	config.max_rings = 3;
	assert_int_equal(take_all(), 3);
	assert_int_equal(budget_take(&process, 3), REASON_TOO_MANY_RINGS);
	config.max_rings = -1;
	assert_int_equal(budget_take(&process, 3), REASON_LOCKED_MEMORY);
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shared),
		cmocka_unit_test(of_the_dead),
		cmocka_unit_test(by_number),
	};
	int failed;

	become_user();
	failed = cmocka_run_group_tests_name("budget", tests, NULL, NULL);
	if (chosen)
		semctl(semget(BUDGET_KEY(getuid()), BUDGET_SEMAPHORES, 0), 0, IPC_RMID);
	return failed;
}
