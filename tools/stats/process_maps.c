/* SPDX-License-Identifier: MIT */
/*
 * Reads /proc/PID/maps.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "process_maps.h"

/* "start-end rwxp offset major:minor inode   path" */
static bool parse(char *line, struct mapping *m)
{
	unsigned major_nr, minor_nr;
	unsigned long ino;
	char flags[8];
	int at = 0;

	if (sscanf(line, "%lx-%lx %7s %*x %x:%x %lu %n", &m->start, &m->end, flags, &major_nr,
		   &minor_nr, &ino, &at) < 6 ||
	    !at || !ino)
		return false;
	line[strcspn(line, "\n")] = '\0';
	m->executable = strchr(flags, 'x');
	m->dev = makedev(major_nr, minor_nr);
	m->ino = ino;
	m->path = line + at;
	return true;
}

int process_maps_each(pid_t pid, bool (*f)(const struct mapping *m, void *arg), void *arg)
{
	char name[64], *line = NULL;
	struct mapping m;
	size_t size = 0;
	FILE *maps;

	snprintf(name, sizeof(name), "/proc/%d/maps", (int)pid);
	maps = fopen(name, "re");
	if (!maps)
		return -errno;
	errno = 0;
	while (getline(&line, &size, maps) > 0)
		if (parse(line, &m) && !f(&m, arg))
			break;
	/* Another user's can be opened but not read. */
	name[0] = ferror(maps);
	free(line);
	fclose(maps);
	return name[0] ? -EACCES : 0;
}

struct sought {
	const struct stat *file;
	bool found;
};

static bool compare_mapping(const struct mapping *m, void *arg)
{
	struct sought *s = arg;

	s->found = m->ino == s->file->st_ino && m->dev == s->file->st_dev;
	return !s->found;
}

int process_maps_file(pid_t pid, const struct stat *file)
{
	struct sought s = { .file = file };
	int err = process_maps_each(pid, compare_mapping, &s);

	/* There may be no /proc, or it may hide others' processes. */
	if (err && kill(pid, 0) && errno == ESRCH)
		return 0;
	return err ? err : s.found;
}
