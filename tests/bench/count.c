/* SPDX-License-Identifier: MIT */
/*
 * Counts the user-space instructions of a program, by the processor's own counter:
 *
 *	count [NAME=VALUE]... PROGRAM [ARGUMENT]...
 *
 * The assignments are for the program's environment. Prints the number on standard output, where the
 * program's own output goes to standard error. Exit status: the program's; 77 if there is no such
 * counter.
 */
#include <errno.h>
#include <linux/perf_event.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* From the program's execve on, in all its threads and children. */
static int counter_of(pid_t pid)
{
	struct perf_event_attr what = {
		.type = PERF_TYPE_HARDWARE,
		.size = sizeof(what),
		.config = PERF_COUNT_HW_INSTRUCTIONS,
		.disabled = 1,
		.enable_on_exec = 1,
		.inherit = 1,
		.exclude_kernel = 1,
		.exclude_hv = 1,
	};

	return syscall(SYS_perf_event_open, &what, pid, -1, -1, PERF_FLAG_FD_CLOEXEC);
}

static void run(int go, char **words)
{
	char byte;

	if (read(go, &byte, 1) != 1)
		_exit(77);
	close(go);
	dup2(STDERR_FILENO, STDOUT_FILENO);
	for (; *words && strchr(*words, '='); words++)
		putenv(*words);
	execvp(*words, words);
	perror(*words);
	_exit(127);
}

int main(int argc, char **argv)
{
	uint64_t count = 0;
	int go[2], fd, status;
	pid_t pid;

	if (argc < 2 || pipe(go))
		return 2;
	pid = fork();
	if (!pid) {
		close(go[1]);
		run(go[0], argv + 1);
	}
	close(go[0]);
	fd = counter_of(pid);
	if (fd < 0) {
		fprintf(stderr, "count: no counter of instructions: %s\n", strerror(errno));
		return 77;
	}
	if (write(go[1], "", 1) != 1 || waitpid(pid, &status, 0) != pid)
		return 1;
	if (read(fd, &count, sizeof(count)) != sizeof(count) || !count)
		return 77;
	printf("%llu\n", (unsigned long long)count);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
