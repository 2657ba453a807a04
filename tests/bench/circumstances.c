/* SPDX-License-Identifier: MIT */
/*
 * Circumstances of a row: a busy neighbour, or a cgroup with a quota of CPU time, of either version of
 * cgroups. (SCHED_FIFO is the worker's own affair.)
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "circumstances.h"

static pid_t neighbour_start(int cpu)
{
	pid_t pid = fork();
	cpu_set_t set;

	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	sched_setaffinity(0, sizeof(set), &set);
	for (;;)
		;
}

static bool put(const char *dir, const char *name, const char *value)
{
	char path[96];
	int fd, size = strlen(value);
	bool done;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	done = fd >= 0 && write(fd, value, size) == size;
	if (fd >= 0)
		close(fd);
	return done;
}

/* Half a CPU. */
static bool quota_make(char *cgroup, size_t size)
{
	snprintf(cgroup, size, "/sys/fs/cgroup/cpu/regwait-bench-%d", getpid());
	if (!mkdir(cgroup, 0755))
		return put(cgroup, "cpu.cfs_period_us", "100000") &&
		       put(cgroup, "cpu.cfs_quota_us", "50000");
	snprintf(cgroup, size, "/sys/fs/cgroup/regwait-bench-%d", getpid());
	if (!mkdir(cgroup, 0755))
		return put(cgroup, "cpu.max", "50000 100000");
	*cgroup = '\0';
	return false;
}

int circumstances_begin(struct circumstances *c, const struct plan *plan, const struct row *row,
			char why[WHY_SIZE])
{
	*c = (struct circumstances){ .plan = *plan };
	if (row->circumstance == NEIGHBOUR) {
		c->neighbour = neighbour_start((plan->cpu + 1) % sysconf(_SC_NPROCESSORS_ONLN));
		if (c->neighbour < 0) {
			snprintf(why, WHY_SIZE, "a busy loop cannot be started");
			return 77;
		}
	} else if (row->circumstance == QUOTA) {
		if (!quota_make(c->cgroup, sizeof(c->cgroup))) {
			snprintf(why, WHY_SIZE, "no cgroup with a CPU quota can be made here");
			return 77;
		}
		c->plan.cgroup = c->cgroup;
	}
	return 0;
}

void circumstances_end(struct circumstances *c)
{
	if (c->neighbour > 0) {
		kill(c->neighbour, SIGKILL);
		waitpid(c->neighbour, NULL, 0);
	}
	if (*c->cgroup)
		rmdir(c->cgroup);
}
