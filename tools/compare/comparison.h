/* SPDX-License-Identifier: MIT */
/*
 * What a comparison measures: shared by the files that measure (whole runs, slices of a running
 * process) and those that report (text, JSON, HTML).
 */
#ifndef REGWAIT_COMPARISON_H
#define REGWAIT_COMPARISON_H

#include <stdbool.h>
#include <stdint.h>

#include "pairs.h"

enum measure { WALL, CPU, USER, SYSTEM, MEMORY, METRIC, PER_WAIT, MEASURES };

struct comparison {
	const char *what;	      /* the program, or the process */
	const char *command;	      /* its command line, quoted; NULL: there is none */
	struct pairs pairs[MEASURES]; /* those with nr 0 were not taken */
	enum measure judged;	      /* which of them the verdict goes by */
	bool both_off;		      /* --aa: both variants are off, so that noise shows */
	const char *ringfd;	      /* REGWAIT_RINGFD in the on variant; NULL: as it comes */
	const char *spin, *taskrun;   /* the same, of REGWAIT_SPIN and REGWAIT_TASKRUN */
	uint64_t seed;
	uint64_t gained;       /* waits registered or polled in the on variant */
	uint64_t spun;	       /* waits, timed or not, that looked before they slept */
	uint64_t timed;	       /* timed waits seen in it */
	bool nested;	       /* a regwait run was among what ran, and took the counts */
	bool loaded;	       /* the shim was there to count them */
	const char *plain_why; /* why most of them were plain; NULL: none was */
	bool pipes;	       /* runs print into pipes, for they print very much */
	bool attached;	       /* to a process that runs, and so not started by us */
	char reason[512];      /* why there is no verdict, or "" */
	bool interrupted;
};

struct comparison_limits {
	double budget; /* seconds */
	size_t pairs;  /* at most; 0: as many as the budget allows */
};

const char *measure_key(enum measure m);
const char *measure_label(enum measure m);
const char *measure_unit(enum measure m);
double measure_scale(enum measure m); /* from what is kept to that unit */

/* Is the time so short that the clock's resolution decides, and a ratio would mean nothing? */
bool measure_too_short(enum measure m, const struct pair_summary *s);

/* Is a ratio told? Not if the clock decides, and not if the variants did not do the same. */
bool measure_compared(const struct comparison *c, enum measure m, const struct pair_summary *s);

/* Has the judged measure become precise enough? Never asks for significance. */
bool comparison_is_precise(const struct comparison *c);

/* An outlier of the judged measure in words. */
void comparison_outlier(const struct comparison *c, const struct outlier *o, char *line,
			size_t size);

#endif
