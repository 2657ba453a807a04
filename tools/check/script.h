/* SPDX-License-Identifier: MIT */
/*
 * The first line of a script, which says what runs it.
 */
#ifndef REGWAIT_SCRIPT_H
#define REGWAIT_SCRIPT_H

#include <limits.h>
#include <stdbool.h>

struct script {
	char interpreter[256]; /* a path, as the kernel reads it */
	bool is_env;	       /* the interpreter is env(1), which looks for another program */
	/* The program that env looks for; "": none. */
	char program[256];
	char search[PATH_MAX]; /* the PATH in which it looks, if has_search */
	bool has_search;
	bool env_refuses; /* env would refuse this line */
};

/* Is this file a script? Then fills in what runs it. */
bool script_look(const char *path, struct script *s);

#endif
