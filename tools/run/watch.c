/* SPDX-License-Identifier: MIT */
/*
 * Starts the watcher by two forks, so that the process that adopts orphans adopts it, and without a
 * signal to its parent, which the program would find pending.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/signals.h"
#include "common/witness.h"
#include "watch.h"

#define LOOK_MS 100

/* Would orphans become our children? They do of a namespace's first process, and of a subreaper. */
static bool adopts_orphans(void)
{
	int subreaper = 0;

	return getpid() == 1 || (!prctl(PR_GET_CHILD_SUBREAPER, &subreaper) && subreaper);
}

/*
 * Collects counts until the program has ended; if they go to a file, until all that it started has.
 */
static void follow(struct tally *t, const struct launch *l, int process, bool all)
{
	struct pollfd end = { .fd = process, .events = POLLIN };

	while (poll(&end, 1, l->children ? LOOK_MS : -1) != 1)
		tally_harvest(t);
	tally_harvest(t);
	while (all && t->alive) {
		poll(NULL, 0, LOOK_MS);
		tally_harvest(t);
	}
}

static void watch(const struct watch *w, int hears, const struct launch *l,
		  const struct telling *how, void (*at_end)(struct tally *t, void *arg), void *arg)
{
	bool to_file = how->to != stderr;
	struct tally t = { .run = l->run };
	char byte;

	signals_block_only(ALL_SIGNALS);
	setsid();
	hide_name("watcher");
	close(w->failed);
	if (read(hears, &byte, 1))
		_exit(0); /* the exec failed */
	launch_let_go_but(w->process, to_file ? fileno(how->to) : -1);
	if (to_file)
		dup2(STDOUT_FILENO, STDERR_FILENO); /* we must not hold the program's own open */
	follow(&t, l, w->process, to_file && l->children);
	at_end(&t, arg);
	fflush(NULL);
	_exit(0);
}

int watch_start(struct watch *w, struct launch *l, const struct telling *how,
		void (*at_end)(struct tally *t, void *arg), void *arg)
{
	int ends[2], status = 0;
	pid_t pid;

	if (adopts_orphans())
		return -ECHILD;
	w->process = syscall(SYS_pidfd_open, getpid(), 0);
	if (w->process < 0 || pipe2(ends, O_CLOEXEC))
		return -errno;
	w->failed = ends[1];
	launch_mark(l);
	fflush(NULL);
	pid = syscall(SYS_clone, 0UL, 0UL, 0UL, 0UL, 0UL);
	if (!pid) {
		pid = fork();
		if (!pid)
			watch(w, ends[0], l, how, at_end, arg);
		_exit(pid < 0);
	}
	close(ends[0]);
	if (pid < 0 || waitpid(pid, &status, __WALL) < 0)
		return -errno;
	return status ? -EAGAIN : 0;
}

void watch_cancel(const struct watch *w)
{
	const char byte = 0;

	if (write(w->failed, &byte, 1) < 0)
		return;
}
