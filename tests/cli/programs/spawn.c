/* SPDX-License-Identifier: MIT */
/*
 * spawn COUNT PROGRAM...: runs it COUNT times, one after the other, as a build does.
 */
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>

extern char **environ;

int main(int argc, char **argv)
{
	int count = argc > 2 ? atoi(argv[1]) : 0, status;
	pid_t pid;

	while (count-- > 0)
		if (posix_spawnp(&pid, argv[2], NULL, NULL, argv + 2, environ) ||
		    waitpid(pid, &status, 0) != pid || status)
			return 1;
	return 0;
}
