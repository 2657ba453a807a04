/* SPDX-License-Identifier: MIT */
/*
 * What a comparison measures, for those who take the measurements (whole runs, slices
 * of a running process) and those who tell of them (text, JSON, a page).
 */
#ifndef REGWAIT_COMPARE_H
#define REGWAIT_COMPARE_H

#include <stdbool.h>
#include <stdint.h>

#include "output.h"
#include "pairs.h"

enum measure { WALL, CPU, USER, SYSTEM, MEMORY, METRIC, PER_WAIT, MEASURES };

struct comparison {
	const char *what;		/* the program, or the process */
	struct pairs pairs[MEASURES];	/* those with nr 0 were not taken */
	enum measure judged;		/* which of them the verdict goes by */
	bool both_off;			/* --aa: both arms are off, so that noise shows */
	const char *ringfd;		/* REGWAIT_RINGFD in the on arm; NULL: as it comes */
	uint64_t seed;
	uint64_t gained;		/* waits registered or polled in the on arm */
	uint64_t timed;			/* timed waits seen in it */
	bool loaded;			/* the shim was there to count them */
	char refusal[256];		/* why there is no judging, or "" */
	bool interrupted;
};

struct comparison_limits {
	double budget;		/* seconds */
	size_t pairs;		/* at most; 0: as many as the budget allows */
};

/* Exit codes of regwait compare. */
enum {
	EXIT_FASTER = 0,
	EXIT_SLOWER = 10,
	EXIT_NO_DIFFERENCE = 11,
	EXIT_INCONCLUSIVE = 12,
	EXIT_NOT_EXERCISED = 13,
	EXIT_REFUSED = 14,
};

const char *measure_key(enum measure m);
const char *measure_label(enum measure m);
const char *measure_unit(enum measure m);
double measure_scale(enum measure m);	/* from what is kept to that unit */

/* Has the judged measure become precise enough? Never asks for significance. */
bool comparison_is_precise(const struct comparison *c);

/* Puts everything into a report; returns the exit code of the verdict. */
int comparison_report(const struct comparison *c, struct report *r);

/* An outlier of the judged measure in words. */
void comparison_outlier(const struct comparison *c, const struct outlier *o, char *line,
			size_t size);

/* One self-contained page with the distributions drawn. 0, or -errno; closes the file. */
int comparison_page(const struct comparison *c, FILE *to);

/* Measures slices of a running process, its mode set to off and on in turn. 0, EXIT_NO. */
int attach_measure(struct comparison *c, int pid, double slice,
		   const struct comparison_limits *limits);

double seconds_now(void);

#endif
