/* SPDX-License-Identifier: MIT */
/*
 * Statistics of paired measurements.
 *
 * A pair is one measurement of each variant, one after the other. What counts is their ratio, which
 * drift of the machine does not change. The verdict depends on the median of the ratios and its 95
 * % interval.
 */
#ifndef REGWAIT_PAIRS_H
#define REGWAIT_PAIRS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pairs {
	double *off, *on; /* of each pair, in order */
	size_t nr;
	bool larger_is_better; /* otherwise smaller is */
};

struct pair_summary {
	double off, on;		    /* medians of the variants */
	double ratio;		    /* median of off/on, or on/off: above 1, on is better */
	double low, high;	    /* 95 % interval of that: bootstrap */
	double sure_low, sure_high; /* 99 % interval by order statistics: exact for few pairs */
	double noise;		    /* interquartile range of the off variant, relative */
	/* Ratios outside are far from the rest (1.5 interquartile ranges); they are kept. */
	double fence_low, fence_high;
	size_t outliers;
};

/* A pair that is far from the rest, and which of its two values made it so. */
struct outlier {
	size_t pair; /* from 1 on, in the order in which they were measured */
	const char *variant;
	double value, ratio;
};

/* What is proven. */
enum difference { FASTER, SLOWER, NO_DIFFERENCE, INCONCLUSIVE };

void pairs_add(struct pairs *p, double off, double on);
void pairs_free(struct pairs *p);

/* Needs at least one pair. The seed is the bootstrap's. */
struct pair_summary pairs_summary(const struct pairs *p, uint64_t seed);

/* The ratio of a pair, above 1 if on is better; 1 for times too short to be measured. */
double pairs_ratio(const struct pairs *p, size_t i);

/* Is this pair an outlier? Then fills in *outlier. */
bool pairs_outlier(const struct pairs *p, const struct pair_summary *s, size_t i,
		   struct outlier *found);

enum difference pairs_difference(const struct pair_summary *s);

/* About how many more pairs would make the interval as narrow as the margin. */
size_t pairs_missing(const struct pair_summary *s, size_t nr);

#endif
