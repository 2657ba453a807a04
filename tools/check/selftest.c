/* SPDX-License-Identifier: MIT */
/*
 * The live test of a check: both the program that waits and the code that runs it and reads its
 * counts.
 */
#include <dlfcn.h>
#include <errno.h>
#include <linux/time_types.h>
#include <stdio.h>
#include <sys/wait.h>

#include "common/launch.h"
#include "common/message.h"
#include "selftest.h"
#include "stats/counts.h"
#include "stats/directory.h"
#include "stats/tally.h"

#define NO_LIBURING 3

/* Larger than any struct io_uring; only liburing's functions know its content. */
union ring {
	char bytes[1024];
	long aligned;
};

int selftest_program(void)
{
	int (*init)(unsigned, union ring *, unsigned);
	int (*wait)(union ring *, void **, struct __kernel_timespec *);
	struct __kernel_timespec ts = { .tv_nsec = 1000000 };
	static union ring ring;
	void *cqe;

	if (!dlopen("liburing.so.2", RTLD_NOW | RTLD_GLOBAL))
		return NO_LIBURING;
	/*
	 * The look-up of a program that is linked with liburing: by version, and a preloaded
	 * library first.
	 */
	init = (__typeof__(init))dlvsym(RTLD_DEFAULT, "io_uring_queue_init", "LIBURING_2.0");
	wait = (__typeof__(wait))dlvsym(RTLD_DEFAULT, "io_uring_wait_cqe_timeout", "LIBURING_2.0");
	if (!init || !wait || init(8, &ring, 0))
		return 1;
	return wait(&ring, &cqe, &ts) == -ETIME ? 0 : 1;
}

/*
 * Reads the stats page. Returns whether the wait was registered; -1: it could not be, since this
 * liburing's rules are not known, which says nothing of the shim.
 */
static int conclude(const struct tally *t, char *said, size_t size)
{
	const struct counts *c = &t->all.counts;

	counts_line(c, said, size);
	if (counts_foremost(c->waits.plain) != REASON_LIBURING)
		return c->waits.registered == 1;
	snprintf(said, size,
		 "not with this system's liburing: %s; regwait run --sites may reach it",
		 reason_text(REASON_LIBURING));
	return -1;
}

int selftest(char *said, size_t size)
{
	char *argv[] = { "/proc/self/exe", "self-test", NULL };
	char *settings[] = { "REGWAIT_ONLY=", "REGWAIT_SKIP=", "REGWAIT_STATS=", "REGWAIT_LOG=",
			     NULL };
	struct launch l = {
		.argv = argv,
		.mode = "on",
		.settings = settings,
		.input = -1,
		.output = -1,
		.error = -1,
	};
	const char *reason;
	struct tally t = { 0 };
	int status, registered = 0;
	pid_t pid = launch_start(&l);

	snprintf(said, size, "the shim was not loaded");
	if (pid < 0) {
		snprintf(said, size, "%s cannot be run: %s", argv[0], error_text(pid));
		return -1;
	}
	status = launch_wait(&l, pid, NULL);
	t.run = l.run;
	tally_harvest(&t);
	if (t.pages)
		registered = conclude(&t, said, size);
	reason = t.pages ? NULL : directory_reason(false);
	tally_free(&t);
	if (launch_stopped())
		launch_end_like(status);
	launch_done();
	if (WIFEXITED(status) && WEXITSTATUS(status) == NO_LIBURING) {
		snprintf(said, size, "there is no liburing.so.2 on this system");
		return -1;
	}
	if (reason) {
		snprintf(said, size, "what it did is not known: %s", reason);
		return -1;
	}
	return registered;
}
