/* SPDX-License-Identifier: MIT */
/* Assertions: what holds says nothing; what does not is named, and traps. */
#define REGWAIT_DEBUG 1

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit.h"

#include "base/debug.h"

/* What a child that asserts this says; how it ends is in *status. */
static void assert_in_child(int n, char *said, size_t size, int *status)
{
	int ends[2];
	ssize_t len;
	pid_t pid;

	assert_int_equal(pipe(ends), 0);
	pid = fork();
	if (!pid) {
		/* cmocka's own handlers would go on from here. */
		signal(SIGILL, SIG_DFL);
		signal(SIGTRAP, SIG_DFL);
		dup2(ends[1], STDERR_FILENO);
		debug_assert(n == 1);
		_exit(0);
	}
	close(ends[1]);
	len = read(ends[0], said, size - 1);
	said[len > 0 ? len : 0] = '\0';
	close(ends[0]);
	assert_int_equal(waitpid(pid, status, 0), pid);
}

static void what_holds_is_silent(void **state)
{
	char said[256];
	int status;

	(void)state;
	assert_in_child(1, said, sizeof(said), &status);
	assert_true(WIFEXITED(status) && !WEXITSTATUS(status));
	assert_string_equal(said, "");
}

static void what_does_not_is_named(void **state)
{
	char said[256];
	int status;

	(void)state;
	assert_in_child(2, said, sizeof(said), &status);
	assert_true(WIFSIGNALED(status));
	assert_non_null(strstr(said, "debug_test.c"));
	assert_non_null(strstr(said, "does not hold: n == 1"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_holds_is_silent),
		cmocka_unit_test(what_does_not_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
