/* SPDX-License-Identifier: MIT */
/* Completions that cannot arrive before the wait has begun. */
#ifndef WAKER_H
#define WAKER_H

#include <fcntl.h>
#include <poll.h>

#include "program.h"

/* A process writes a byte into a pipe once whoever asked it has gone to sleep. */
static int waker_asks[2], waker_answers[2];

static inline char waker_state_of(pid_t pid)
{
	char name[64], line[512] = "", *end;
	FILE *stat;

	snprintf(name, sizeof(name), "/proc/%d/stat", (int)pid);
	stat = fopen(name, "r");
	if (!stat || !fgets(line, sizeof(line), stat))
		exit(0);
	fclose(stat);
	end = strrchr(line, ')');
	return end ? end[2] : '?';
}

static inline void waker_until_asleep(pid_t pid)
{
	while (waker_state_of(pid) != 'S')
		usleep(200);
}

static inline void waker_start(void)
{
	pid_t pid;

	if (pipe2(waker_asks, O_CLOEXEC) || pipe2(waker_answers, O_CLOEXEC))
		die("pipe2", -errno);
	if (fork())
		return;
	close(waker_asks[1]);
	while (read(waker_asks[0], &pid, sizeof(pid)) == sizeof(pid)) {
		waker_until_asleep(pid);
		if (write(waker_answers[1], "", 1) != 1)
			break;
	}
	_exit(0);
}

/* This many polls of that pipe. */
static inline void waker_prepare(struct io_uring *r, unsigned nr)
{
	static pid_t pid;
	unsigned i;

	for (i = 0; i < nr; i++) {
		struct io_uring_sqe *sqe = io_uring_get_sqe(r);

		io_uring_prep_poll_add(sqe, waker_answers[0], POLLIN);
		sqe->user_data = nr - i;
	}
	pid = getpid();
	if (nr && write(waker_asks[1], &pid, sizeof(pid)) != sizeof(pid))
		die("write", -errno);
}

/* Takes what was written: one byte for each waker_prepare(). */
static inline void waker_take(unsigned nr)
{
	char byte;

	while (nr--)
		if (read(waker_answers[0], &byte, 1) != 1)
			die("read", -errno);
}

#endif
