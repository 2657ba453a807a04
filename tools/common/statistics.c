/* SPDX-License-Identifier: MIT */
/*
 * Sorting, quantiles, random numbers, and the clock for measuring.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "message.h"
#include "statistics.h"

int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double sorted_quantile(const double *sorted, size_t nr, double q)
{
	double at = q * (nr - 1);
	size_t i = at;

	return i + 1 < nr ? sorted[i] + (at - i) * (sorted[i + 1] - sorted[i]) : sorted[nr - 1];
}

double quantile(const double *values, size_t nr, double q)
{
	double *copy = must(malloc(nr * sizeof(*copy))), found;

	memcpy(copy, values, nr * sizeof(*copy));
	qsort(copy, nr, sizeof(*copy), by_size);
	found = sorted_quantile(copy, nr, q);
	free(copy);
	return found;
}

uint64_t random_state(uint64_t seed)
{
	uint64_t state = seed * 0x9e3779b97f4a7c15ULL + 1;

	return state ? state : 1; /* from 0 the generator never leaves 0 */
}

double random_uniform(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return ((*state * 0x2545f4914f6cdd1dULL >> 11) + 0.5) / 9007199254740992.0;
}

static double seconds_of(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

double seconds_now(void)
{
	return seconds_of(CLOCK_MONOTONIC);
}

double cpu_seconds_now(void)
{
	return seconds_of(CLOCK_THREAD_CPUTIME_ID);
}
