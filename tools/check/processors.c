/* SPDX-License-Identifier: MIT */
/*
 * How many processors there are for a program that we run: of those that it may run on, and of the
 * quota of its cgroup.
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

/* Two numbers of a file, or of two of one each; 0 where there are none. */
static double ratio_of(const char *name, const char *name2)
{
	FILE *f = fopen(name, "re"), *f2 = name2 ? fopen(name2, "re") : NULL;
	long quota = 0, period = 0;
	int n = 0;

	if (f)
		n = fscanf(f, name2 ? "%ld" : "%ld %ld", &quota, &period);
	if (f2)
		n += fscanf(f2, "%ld", &period);
	if (f)
		fclose(f);
	if (f2)
		fclose(f2);
	return n == 2 && quota > 0 && period > 0 ? (double)quota / period : 0;
}

/* Where the file system of a hierarchy is mounted, and how it names the quota. */
struct hierarchy {
	const char *mount;
	bool is_v1;
};

/* The quota of this cgroup, in processors; 0: it has none. */
static double quota_of(const struct hierarchy *h, const char *group)
{
	char name[4200], name2[4200];

	if (!h->is_v1) {
		snprintf(name, sizeof(name), "%s%s/cpu.max", h->mount, group);
		return ratio_of(name, NULL);
	}
	snprintf(name, sizeof(name), "%s%s/cpu.cfs_quota_us", h->mount, group);
	snprintf(name2, sizeof(name2), "%s%s/cpu.cfs_period_us", h->mount, group);
	return ratio_of(name, name2);
}

/* The smallest, of this cgroup or of one above it. */
static double least_above(const struct hierarchy *h, char *group)
{
	double least = 0, one;
	char *end;

	for (end = group + strlen(group); end; end = strrchr(group, '/')) {
		*end = '\0';
		one = quota_of(h, group);
		if (one > 0 && (!least || one < least))
			least = one;
	}
	return least;
}

/* Is cpu in a list separated by commas? */
static bool has_cpu(const char *list)
{
	for (; *list; list += strcspn(list, ",") + 1) {
		if (strcspn(list, ",") == 3 && !strncmp(list, "cpu", 3))
			return true;
		if (!list[strcspn(list, ",")])
			break;
	}
	return false;
}

/* Of our cgroup, in version 2 or in version 1, whichever has the CPU controller. */
static double quota(void)
{
	static const struct hierarchy v2 = { "/sys/fs/cgroup", false };
	static const struct hierarchy v1 = { "/sys/fs/cgroup/cpu", true };
	FILE *f = fopen("/proc/self/cgroup", "re");
	char line[4096], *list, *group;
	double least = 0, one = 0;

	/* NUMBER:CONTROLLERS:/PATH; version 2 has the number 0 and no controllers. */
	while (f && fgets(line, sizeof(line), f)) {
		line[strcspn(line, "\n")] = '\0';
		list = strchr(line, ':');
		group = list ? strchr(++list, ':') : NULL;
		if (!group)
			continue;
		*group++ = '\0';
		if (has_cpu(list))
			one = least_above(&v1, group);
		else if (!*list)
			one = least_above(&v2, group);
		if (one > 0 && (!least || one < least))
			least = one;
	}
	if (f)
		fclose(f);
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
