/* SPDX-License-Identifier: MIT */
/*
 * How many processors there are for a program that we run: of those that it may run on, and of the
 * quota of its cgroup (version 2).
 */
#include <sched.h>
#include <stdio.h>
#include <string.h>

#include "base/arch/arch.h"
#include "processors.h"

static int allowed(void)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof(set), &set) ? 1 : CPU_COUNT(&set);
}

/* The quota of this cgroup, in processors; 0: it has none. */
static double quota_of(const char *group)
{
	char name[4200];
	long quota, period;
	FILE *f;
	int n;

	snprintf(name, sizeof(name), "/sys/fs/cgroup%s/cpu.max", group);
	f = fopen(name, "re");
	if (!f)
		return 0;
	n = fscanf(f, "%ld %ld", &quota, &period);
	fclose(f);
	return n == 2 && period > 0 ? (double)quota / period : 0;
}

/* The smallest, of our cgroup or of one above it. */
static double quota(void)
{
	char line[4096] = "", *end;
	double least = 0, one;
	FILE *f = fopen("/proc/self/cgroup", "re");

	while (f && fgets(line, sizeof(line), f))
		if (!strncmp(line, "0::/", 4))
			break;
	if (f)
		fclose(f);
	if (strncmp(line, "0::/", 4))
		return 0;
	line[strcspn(line, "\n")] = '\0';
	for (end = line + strlen(line); end; end = strrchr(line + 3, '/')) {
		*end = '\0';
		one = quota_of(line + 3);
		if (one > 0 && (!least || one < least))
			least = one;
	}
	return least;
}

bool processors_allow_spin(char *note, size_t size)
{
	int nr = allowed();
	double part = quota();

	if (!ARCH_CAN_LOOK) {
		snprintf(note, size, "(not on this processor's architecture)");
		return false;
	}
	if (nr < 2) {
		snprintf(note, size, "(there is one CPU: who waits is in the way of who answers)");
		return false;
	}
	if (part > 0 && part < nr)
		snprintf(note, size,
			 "(REGWAIT_SPIN; but it takes its time from a quota of %.3g CPUs)", part);
	else
		snprintf(note, size, "(with REGWAIT_SPIN)");
	return part <= 0 || part > 1;
}
