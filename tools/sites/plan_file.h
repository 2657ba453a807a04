/* SPDX-License-Identifier: MIT */
/*
 * Writes plans (shim/contract/plan.h).
 */
#ifndef REGWAIT_PLAN_FILE_H
#define REGWAIT_PLAN_FILE_H

#include <stdio.h>

#include "analysis.h"

/* Where plans are written: into a file, or into a directory where each has its own. */
struct plan_file {
	const char *path;
	int dir; /* -1: it is a file */
	FILE *to;
	char *temporary; /* the file that takes its name at the end */
	int err;	 /* why it could not be written; 0: it could */
	unsigned nr;	 /* plans written */
};

/* 0 or -errno. */
int plan_file_open(struct plan_file *f, const char *path);

/* Writes the plan of a file, if it has sites that can be patched. 0 or -errno. */
int plan_file_add(struct plan_file *f, const struct code *c, const struct sites *sites);

/* 0 or -errno: then nothing that was there has changed, except in a directory. */
int plan_file_close(struct plan_file *f);

#endif
