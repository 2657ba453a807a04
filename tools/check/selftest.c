/* SPDX-License-Identifier: MIT */
#include <dlfcn.h>
#include <errno.h>
#include <linux/time_types.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "common/launch.h"
#include "selftest.h"
#include "stats/counts.h"

#define NO_LIBURING 3

/* Larger than any struct io_uring was; the functions alone know what is in it. */
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
	/* In the order of symbol lookup, where a preloaded library comes first. */
	init = (int (*)(unsigned, union ring *, unsigned))dlsym(RTLD_DEFAULT,
								"io_uring_queue_init");
	wait = (int (*)(union ring *, void **, struct __kernel_timespec *))
		dlsym(RTLD_DEFAULT, "io_uring_wait_cqe_timeout");
	if (!init || !wait || init(8, &ring, 0))
		return 1;
	return wait(&ring, &cqe, &ts) == -ETIME ? 0 : 1;
}

struct outcome {
	pid_t pid;
	bool found;
	int registered;
	char *said;
	size_t size;
};

/* How waits return on this machine, and what that was decided by. */
static void add_returning(const struct regwait_returning *r, char *said, size_t size)
{
	size_t used = strlen(said);

	if (r->plain_ns)
		snprintf(said + used, size - used,
			 "; they return %s (%u ns for a system call, %u ns with a refill)",
			 r->refills ? "with a refill" : "plain", r->plain_ns, r->refill_ns);
}

static void conclude(struct stats_page *p, void *arg)
{
	struct outcome *o = arg;
	struct regwait_wait_counts w;

	if (p->map->run != o->pid || p->alive)
		return;
	w = stats_page_waits(p);
	o->found = true;
	o->registered = w.registered == 1;
	counts_line(p, o->said, o->size);
	add_returning(&p->map->returning, o->said, o->size);
	stats_page_delete(p);
}

int selftest(char *said, size_t size)
{
	char *argv[] = { "/proc/self/exe", "self-test", NULL };
	struct launch l = { .argv = argv, .mode = "on", .output = -1 };
	struct outcome o = { .said = said, .size = size };
	const char *obstacle;
	int status;

	snprintf(said, size, "the shim was not loaded");
	o.pid = launch_start(&l);
	if (o.pid < 0) {
		snprintf(said, size, "%s", strerror(-o.pid));
		return -1;
	}
	status = launch_wait(o.pid, NULL);
	stats_page_each(conclude, &o);
	obstacle = o.found ? NULL : stats_page_obstacle(false);
	if (WIFEXITED(status) && WEXITSTATUS(status) == NO_LIBURING) {
		snprintf(said, size, "there is no liburing.so.2 on this system");
		return -1;
	}
	if (obstacle) {
		snprintf(said, size, "what it did cannot be told: %s", obstacle);
		return -1;
	}
	return o.registered;
}
