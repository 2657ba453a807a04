/* SPDX-License-Identifier: MIT */
/* See stats.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stats.h"

#define RESAMPLES 1000

static uint64_t state = 1;

void random_seed(uint64_t seed)
{
	state = seed ? seed : 1;
}

/* xorshift64*: the draws must be the same on every machine for the same seed. */
static uint64_t next_random(void)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return state * 0x2545f4914f6cdd1dULL;
}

unsigned int random_below(unsigned int below)
{
	return (next_random() >> 32) * below >> 32;
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double sorted_quantile(const double *sorted, size_t count, double q)
{
	double at = q * (count - 1);
	size_t low = floor(at), high = ceil(at);

	return sorted[low] + (sorted[high] - sorted[low]) * (at - low);
}

double quantile(const double *values, size_t count, double q)
{
	double *copy, result;

	if (!count)
		return NAN;
	copy = malloc(count * sizeof(*copy));
	if (!copy)
		return NAN;
	memcpy(copy, values, count * sizeof(*copy));
	qsort(copy, count, sizeof(*copy), ascending);
	result = sorted_quantile(copy, count, q);
	free(copy);
	return result;
}

double median(const double *values, size_t count)
{
	return quantile(values, count, 0.5);
}

static void resample(const double *values, size_t clusters, size_t size, double *drawn)
{
	size_t c, i;

	for (c = 0; c < clusters; c++) {
		const double *cluster = values + random_below(clusters) * size;

		for (i = 0; i < size; i++)
			*drawn++ = cluster[random_below(size)];
	}
}

void bootstrap(const double *values, size_t clusters, size_t size, struct estimate *estimate)
{
	double *drawn = malloc(clusters * size * sizeof(*drawn));
	double medians[RESAMPLES];
	size_t i;

	estimate->low = estimate->high = NAN;
	if (!drawn)
		return;
	for (i = 0; i < RESAMPLES; i++) {
		resample(values, clusters, size, drawn);
		medians[i] = median(drawn, clusters * size);
	}
	free(drawn);
	estimate->low = quantile(medians, RESAMPLES, 0.025);
	estimate->high = quantile(medians, RESAMPLES, 0.975);
}
