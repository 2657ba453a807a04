/* SPDX-License-Identifier: MIT */
/*
 * Looks into the /dev/shm of another mount namespace, through /proc. The files there are others',
 * so before one is opened, the kernel is asked what is mounted there.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/message.h"
#include "common/number.h"
#include "foreign.h"

/* 0: it is not known. */
static uint64_t mount_namespace(const char *process)
{
	char name[288];
	struct stat st;

	snprintf(name, sizeof(name), "/proc/%s/ns/mnt", process);
	return stat(name, &st) ? 0 : st.st_ino;
}

/* "id parent major:minor root mount-point options... - type source options" */
static bool is_memory(pid_t pid)
{
	char name[32], *line = NULL, point[64], type[32], *behind;
	bool memory = false;
	size_t size = 0;
	FILE *f;

	snprintf(name, sizeof(name), "/proc/%d/mountinfo", (int)pid);
	f = fopen(name, "re");
	/* The last mount covers the others. */
	while (f && getline(&line, &size, f) > 0) {
		behind = strstr(line, " - ");
		if (behind && sscanf(line, "%*s %*s %*s %*s %63s", point) == 1 &&
		    sscanf(behind, " - %31s", type) == 1 && !strcmp(point, "/dev/shm"))
			memory = !strcmp(type, "tmpfs");
	}
	free(line);
	if (f)
		fclose(f);
	return memory;
}

/* Many mount namespaces have the same /dev/shm, most often ours. */
static bool is_ours(int shm)
{
	struct stat ours, theirs;

	return !stat("/dev/shm", &ours) && !fstat(shm, &theirs) && ours.st_dev == theirs.st_dev;
}

int foreign_shm(pid_t pid)
{
	char name[64];
	uint64_t theirs;
	int fd;

	snprintf(name, sizeof(name), "%d", (int)pid);
	theirs = mount_namespace(name);
	if (!theirs || theirs == mount_namespace("self") || !is_memory(pid))
		return -ENOENT;
	snprintf(name, sizeof(name), "/proc/%d/root/dev/shm", (int)pid);
	fd = open(name, O_DIRECTORY | O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd >= 0 && is_ours(fd)) {
		close(fd);
		return -ENOENT;
	}
	return fd < 0 ? -errno : fd;
}

/* Adds a number to a list. Returns whether it was not there yet. */
static bool is_new(uint64_t **seen, size_t *nr, uint64_t one)
{
	size_t i;

	for (i = 0; i < *nr; i++)
		if ((*seen)[i] == one)
			return false;
	*seen = must(realloc(*seen, (*nr + 1) * sizeof(**seen)));
	(*seen)[(*nr)++] = one;
	return true;
}

int foreign_shm_each(int (*f)(int shm, void *arg), void *arg)
{
	uint64_t *namespaces = NULL, *systems = NULL, one;
	size_t nr_namespaces = 0, nr_systems = 0;
	DIR *proc = opendir("/proc");
	struct dirent *e;
	struct stat st;
	int sum = 0, fd;

	while (proc && (e = readdir(proc))) {
		pid_t pid = number_pid(e->d_name);

		one = pid ? mount_namespace(e->d_name) : 0;
		if (!one || !is_new(&namespaces, &nr_namespaces, one))
			continue;
		fd = foreign_shm(pid);
		if (fd < 0)
			continue;
		if (!fstat(fd, &st) && is_new(&systems, &nr_systems, st.st_dev))
			sum += f(fd, arg);
		close(fd);
	}
	if (proc)
		closedir(proc);
	free(namespaces);
	free(systems);
	return sum;
}
