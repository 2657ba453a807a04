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

/* Prints the counts: in a line, all of them, or as JSON. Sorts the rows. */
void tell(struct tally *t, const struct telling *how);

/* If the shim did nothing, says why. program: its name on the command line. */
void tell_why(const struct tally *t, const struct telling *how, const char *program);

#endif
