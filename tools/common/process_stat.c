/* SPDX-License-Identifier: MIT */
/*
 * What /proc tells of a process.
 */
#include <stdio.h>
#include <string.h>

#include "process_stat.h"

int process_stat(pid_t pid, char *state)
{
	char name[32], line[512], *at;
	int parent = -1;
	FILE *f;

	snprintf(name, sizeof(name), "/proc/%d/stat", (int)pid);
	f = fopen(name, "re");
	if (!f)
		return -1;
	/* The name may contain anything, brackets too. */
	at = fgets(line, sizeof(line), f) ? strrchr(line, ')') : NULL;
	if (!at || sscanf(at + 1, " %c %d", state, &parent) != 2)
		parent = -1;
	fclose(f);
	return parent;
}

bool process_stopped(pid_t pid)
{
	char state = '\0';

	return process_stat(pid, &state) >= 0 && (state == 'T' || state == 't');
}
