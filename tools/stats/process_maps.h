/* SPDX-License-Identifier: MIT */
/*
 * The files that a process has mapped, by /proc/PID/maps.
 */
#ifndef REGWAIT_PROCESS_MAPS_H
#define REGWAIT_PROCESS_MAPS_H

#include <stdbool.h>
#include <sys/stat.h>
#include <sys/types.h>

struct mapping {
	unsigned long start, end;
	bool executable;
	dev_t dev;
	ino_t ino;
	const char *path; /* as the kernel tells it, in the process's own mount namespace */
};

/*
 * Calls f for each mapping of a file, until it returns false.
 * 0, or -errno: -ENOENT if there is no such process.
 */
int process_maps_each(pid_t pid, bool (*f)(const struct mapping *m, void *arg), void *arg);

/* Has it mapped this file? 1, 0 (also if there is no such process), or -errno. */
int process_maps_file(pid_t pid, const struct stat *file);

#endif
