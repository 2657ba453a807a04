/* SPDX-License-Identifier: MIT */
/*
 * The first line of a script, which says what runs it.
 */
#ifndef REGWAIT_SCRIPT_H
#define REGWAIT_SCRIPT_H

#include <limits.h>
#include <stdbool.h>

struct script {
	char interpreter[256]; /* as the kernel takes it: a path */
	bool is_env;	       /* that is env(1), which looks for another program */
	/* What env looks for; "" if for none. */
	char program[256];
	char search[PATH_MAX]; /* PATH by which it does, if has_search */
	bool has_search;
	bool env_refuses; /* env does not take such a line */
};

/* Is this file a script? Then fills in what runs it. */
bool script_look(const char *path, struct script *s);

#endif
