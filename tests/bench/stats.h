/* SPDX-License-Identifier: MIT */
/* Medians, and intervals for paired comparisons. */
#ifndef REGWAIT_BENCH_STATS_H
#define REGWAIT_BENCH_STATS_H

#include <stddef.h>
#include <stdint.h>

struct estimate {
	/* Median over the rounds of what is compared within a round. */
	double value;
	/* Its 95 % bootstrap interval. */
	double low, high;
	/* The same interval, for the medians of each variant. */
	double of_medians;
};

void random_seed(uint64_t seed);
/* Uniform in 0 .. below - 1. */
unsigned int random_below(unsigned int below);

/* The q-quantile (0 .. 1); sorts a copy. */
double quantile(const double *values, size_t count, double q);
double median(const double *values, size_t count);

/*
 * Fills low and high for the median of values, which are `clusters` groups of `size` each.
 * Processes differ from one another by where their code and stack lie, so that rounds of one
 * process are not independent: whole processes are drawn first, then rounds within them.
 */
void bootstrap(const double *values, size_t clusters, size_t size, struct estimate *estimate);

#endif
