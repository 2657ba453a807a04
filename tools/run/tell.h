/* SPDX-License-Identifier: MIT */
/*
 * Tells what the shim did in a program and in what the program started.
 */
#ifndef REGWAIT_TELL_H
#define REGWAIT_TELL_H

#include <stdbool.h>
#include <stdio.h>

#include "stats/tally.h"

struct telling {
	FILE *to;
	const char *mode; /* value of REGWAIT; NULL: as the environment says */
	bool stats, json, quiet, children;
};

/* The counts: a line, all of them, or JSON. Sorts the rows. */
void tell(struct tally *t, const struct telling *how);

/* Why nothing was done, if nothing was. program: as it was called. */
void tell_why(const struct tally *t, const struct telling *how, const char *program);

#endif
