/* SPDX-License-Identifier: MIT */
/*
 * Each generation makes a ring, waits, ends it, makes the next by fork and waits for its end. How
 * much address space the first has and the last: generations NUMBER [keep], with a ring that is
 * kept.
 */
#include <liburing.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mappings.h"

static long status_of(const char *key)
{
	FILE *f = fopen("/proc/self/status", "r");
	char line[256];
	long value = -1;

	while (f && fgets(line, sizeof(line), f))
		if (!strncmp(line, key, strlen(key)))
			value = atol(line + strlen(key) + 1);
	if (f)
		fclose(f);
	return value;
}

int main(int argc, char **argv)
{
	long generation, last = argc > 1 ? atol(argv[1]) : 50, size = 0, maps = 0;
	struct __kernel_timespec ts = { .tv_nsec = 1000 };
	struct io_uring_cqe *cqe;
	struct io_uring ring;
	int status;
	pid_t child;

	for (generation = 0;; generation++) {
		if (io_uring_queue_init(4, &ring, 0))
			return 1;
		io_uring_wait_cqe_timeout(&ring, &cqe, &ts);
		io_uring_queue_exit(&ring);
		if (generation == 1) {
			size = status_of("VmSize");
			maps = mappings_count();
		}
		if (generation == last)
			break;
		child = argc > 2 ? syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0) : fork();
		if (child) {
			if (waitpid(child, &status, 0) < 0 || !WIFEXITED(status))
				return 1;
			_exit(WEXITSTATUS(status));
		}
	}
	/* Page tables and the C library's own buffers may be added on the way. */
	printf("%s\n%s\n", status_of("VmSize") - size < 200 ? "no more memory" : "grows",
	       mappings_count() - maps < 4 ? "no more mappings" : "grows");
	fprintf(stderr, "%ld kB and %ld mappings more in %ld generations\n",
		status_of("VmSize") - size, mappings_count() - maps, last - 1);
	return 0;
}
