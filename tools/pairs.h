/* SPDX-License-Identifier: MIT */
/*
 * Statistics of paired measurements.
 *
 * A pair is one measurement of each arm, taken one after the other; what counts is
 * its ratio, which drift of the machine leaves alone. The verdict goes by the
 * median of the ratios and its 95 % interval.
 */
#ifndef REGWAIT_PAIRS_H
#define REGWAIT_PAIRS_H

#include <stddef.h>
#include <stdint.h>

struct pairs {
	double *off, *on;	/* of each pair, in order; smaller is better */
	size_t nr;
};

struct pair_summary {
	double off, on;		/* medians of the arms */
	double ratio;		/* median of off/on: above 1, on is better */
	double low, high;	/* 95 % interval of that: bootstrap */
	double sure_low, sure_high;	/* the same by order statistics: wider, for few pairs */
	double noise;		/* interquartile range of the off arm, relative */
	size_t outliers;	/* ratios far from the rest (1.5 interquartile ranges); all are kept */
};

enum verdict_of_pairs { FASTER, SLOWER, NO_DIFFERENCE, INCONCLUSIVE };

/* Differences below this are none, however certain: half a percent. */
#define PAIRS_MARGIN 0.005

void pairs_add(struct pairs *p, double off, double on);
void pairs_free(struct pairs *p);

/* Needs at least one pair. The seed is the bootstrap's. */
struct pair_summary pairs_summary(const struct pairs *p, uint64_t seed);

enum verdict_of_pairs pairs_verdict(const struct pair_summary *s);

/* About how many more pairs would make the interval as narrow as the margin. */
size_t pairs_missing(const struct pair_summary *s, size_t nr);

/* Quartiles and the like of a copy of the values: q within 0..1. */
double quantile(const double *values, size_t nr, double q);

/* Uniform within 0..1, from a state that it advances; a state of 0 is not allowed. */
double random_uniform(uint64_t *state);

#endif
