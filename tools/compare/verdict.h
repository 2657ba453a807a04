/* SPDX-License-Identifier: MIT */
/*
 * The verdict on a comparison.
 */
#ifndef REGWAIT_VERDICT_H
#define REGWAIT_VERDICT_H

#include "common/report.h"
#include "comparison.h"

/* Exit codes of regwait compare. */
enum {
	EXIT_FASTER = 0,
	EXIT_SLOWER = 10,
	EXIT_NO_DIFFERENCE = 11,
	EXIT_INCONCLUSIVE = 12,
	EXIT_NOT_EXERCISED = 13,
	EXIT_REFUSED = 14,
};

struct verdict {
	const char *word;
	char text[512]; /* the rest of a sentence */
	int code;	/* EXIT_... */
};

struct verdict verdict_of(const struct comparison *c);

/* Fills in a report; returns the exit code of the verdict. */
int verdict_report(const struct comparison *c, struct report *r);

#endif
