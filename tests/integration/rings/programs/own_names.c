/* SPDX-License-Identifier: MIT */
/*
 * A program with functions of its own by names of libc's, which the loader then finds before
 * any other: they are the program's business, and do not come about unless it calls them.
 */
#include "program.h"

int __close(int fd);

static int calls;

int close(int fd)
{
	calls++;
	return __close(fd);
}

long syscall(long nr, ...)
{
	calls++;
	say("syscall %ld", nr);
	return 0;
}

int main(void)
{
	struct io_uring ring;

	must_init(&ring, 8, 0);
	wait_round(&ring);
	io_uring_queue_exit(&ring);
	say("calls: %d", calls);
	return 0;
}
