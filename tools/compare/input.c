/* SPDX-License-Identifier: MIT */
/*
 * Gives each run the same standard input. A file is rewound before each run. Bytes from a pipe or a
 * socket are kept as they are read; each run has a pipe of its own, into which a process of ours
 * writes first the kept bytes and then those that it reads on. So nothing is read that no run asked
 * for, and the source may never end, or never send anything.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/signals.h"
#include "input.h"

void input_open(struct input *in)
{
	struct stat st;

	*in = (struct input){ .kind = INPUT_SHARED, .kept = -1 };
	if (fstat(STDIN_FILENO, &st))
		return;
	if (S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode)) {
		in->kind = INPUT_FED;
	} else if (S_ISREG(st.st_mode) || S_ISBLK(st.st_mode)) {
		in->start = lseek(STDIN_FILENO, 0, SEEK_CUR);
		if (in->start >= 0)
			in->kind = INPUT_REWOUND;
	}
}

/* A file without a name, in a directory with much room; else in memory. */
static int open_kept(void)
{
	const char *dir = getenv("TMPDIR");
	int fd = open(dir && *dir ? dir : "/var/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	return fd >= 0 ? fd : memfd_create("input", MFD_CLOEXEC);
}

/* Waits until the feeder may write. False: it is to end, or nobody reads any more. */
static bool may_go_on(int control, int fd, short events, int to)
{
	struct pollfd fds[] = {
		{ .fd = control },
		{ .fd = to },
		{ .fd = fd, .events = events },
	};

	/* poll() reports a closed end without being asked for it. */
	while (poll(fds, 3, -1) < 0)
		if (errno != EINTR)
			return false;
	return !fds[0].revents && !fds[1].revents;
}

static int write_all(int control, int to, const char *data, ssize_t size)
{
	ssize_t done = 0, n;

	while (done < size) {
		if (!may_go_on(control, to, POLLOUT, to))
			return -EPIPE;
		n = write(to, data + done, size - done);
		if (n < 0 && errno != EAGAIN)
			return -errno;
		done += n > 0 ? n : 0;
	}
	return 0;
}

/* The next bytes, kept or from the source. 0: there are no more, or the feeder is to end. */
static ssize_t next_bytes(int kept, off_t at, int control, int to, char *data, size_t size)
{
	ssize_t n = pread(kept, data, size, at), put;

	if (n)
		return n < 0 ? -errno : n;
	do {
		if (!may_go_on(control, STDIN_FILENO, POLLIN, to))
			return 0;
		n = read(STDIN_FILENO, data, size);
	} while (n < 0 && errno == EAGAIN);
	if (n <= 0)
		return n < 0 ? -errno : 0;
	put = pwrite(kept, data, n, at);
	return put == n ? n : put < 0 ? -errno : -ENOSPC;
}

/* The feeder. Its exit status is 0, or the errno of what failed. */
static void feed(int kept, int control, int to)
{
	static char data[65536];
	off_t at = 0;
	ssize_t n;
	int err;

	signals_block_only(ALL_SIGNALS);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	fcntl(to, F_SETFL, O_NONBLOCK);
	for (;;) {
		n = next_bytes(kept, at, control, to, data, sizeof(data));
		if (n <= 0)
			_exit(-n);
		at += n;
		err = write_all(control, to, data, n);
		if (err)
			_exit(err == -EPIPE ? 0 : -err);
	}
}

static int start_feeder(struct input *in, int *fd)
{
	int data[2], control[2];

	if (in->kept < 0)
		in->kept = open_kept();
	if (in->kept < 0 || pipe2(data, O_CLOEXEC))
		return -errno;
	if (pipe2(control, O_CLOEXEC)) {
		close(data[0]);
		close(data[1]);
		return -errno;
	}
	in->feeder = fork();
	if (!in->feeder) {
		close(data[0]);
		close(control[1]);
		feed(in->kept, control[0], data[1]);
	}
	close(data[1]);
	close(control[0]);
	in->feeder_end = control[1];
	*fd = data[0];
	return in->feeder < 0 ? -errno : 0;
}

int input_begin(struct input *in, int *fd)
{
	if (in->kind == INPUT_FED)
		return start_feeder(in, fd);
	if (in->kind == INPUT_REWOUND && lseek(STDIN_FILENO, in->start, SEEK_SET) < 0)
		return -errno;
	return 0;
}

int input_end(struct input *in)
{
	int status = 0;

	if (in->kind != INPUT_FED)
		return 0;
	close(in->feeder_end);
	waitpid(in->feeder, &status, 0);
	return WIFEXITED(status) ? -WEXITSTATUS(status) : 0;
}
