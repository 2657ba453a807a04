/* SPDX-License-Identifier: MIT */
/*
 * Process ids of PID namespaces below ours, as containers have them.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "common/number.h"
#include "pid_namespace.h"

uint64_t pid_namespace(pid_t pid)
{
	char name[32] = "/proc/self/ns/pid";
	struct stat st;

	if (pid)
		snprintf(name, sizeof(name), "/proc/%d/ns/pid", (int)pid);
	return stat(name, &st) ? 0 : st.st_ino;
}

pid_t pid_in_its_namespace(pid_t pid)
{
	char name[32], line[256], *last;
	pid_t inner = 0;
	FILE *f;

	snprintf(name, sizeof(name), "/proc/%d/status", (int)pid);
	f = fopen(name, "re");
	/* The ids in all namespaces from ours on. */
	while (f && fgets(line, sizeof(line), f))
		if (!strncmp(line, "NSpid:", 6) && (last = strrchr(line, '\t')))
			inner = atoi(last);
	if (f)
		fclose(f);
	return inner;
}

pid_t pid_seen_from_here(uint64_t namespace, pid_t pid)
{
	DIR *proc = opendir("/proc");
	struct dirent *e;
	pid_t one, found = 0;

	while (proc && !found && (e = readdir(proc))) {
		one = number_pid(e->d_name);
		if (one && pid_namespace(one) == namespace && pid_in_its_namespace(one) == pid)
			found = one;
	}
	if (proc)
		closedir(proc);
	return found;
}
