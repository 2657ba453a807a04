/* SPDX-License-Identifier: MIT */
/*
 * The figure that --metric finds in what a program printed.
 */
#ifndef REGWAIT_FIGURE_H
#define REGWAIT_FIGURE_H

#include <regex.h>
#include <stdbool.h>
#include <stddef.h>

struct figure {
	bool found;    /* the expression matched */
	bool usable;   /* by a number that ratios can be made of */
	char text[40]; /* its match, or the beginning of it */
	double value;
};

/* Looks for the figure in the output of a run, unless it was found in another one of its outputs. */
void figure_find(struct figure *f, const regex_t *regex, const char *output, size_t size);

#endif
