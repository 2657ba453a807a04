/* SPDX-License-Identifier: MIT */
#ifndef REGWAIT_PROGRAM_H
#define REGWAIT_PROGRAM_H

#include <sys/types.h>
#include <unistd.h>

#include "common/report.h"
#include "system.h"

/* Where a command stands in PATH, as the shell finds it; to be freed. NULL: nowhere. */
char *program_find(const char *name);

/* What a file is, and whether the shim can reach it when it is run. */
void program_file(struct report *r, const char *path, struct verdict *v);

/* A running process. 0, or -1 after saying why it cannot be looked at. */
int program_running(struct report *r, pid_t pid, struct verdict *v);

#endif
