/* SPDX-License-Identifier: MIT */
/*
 * Statistics that regwait compare and regwait run --ab have in common.
 */
#ifndef REGWAIT_STATISTICS_H
#define REGWAIT_STATISTICS_H

#include <stddef.h>
#include <stdint.h>

/* A difference below this does not count, however certain it is: half a percent. */
#define MARGIN 0.005

/* For qsort(3): doubles, the smaller one first. */
int by_size(const void *a, const void *b);

/* The q-quantile of sorted values, interpolated; q is within 0..1. */
double sorted_quantile(const double *sorted, size_t nr, double q);

/* The same for unsorted values, which are not changed. */
double quantile(const double *values, size_t nr, double q);

/* A state for random_uniform from a seed. */
uint64_t random_state(uint64_t seed);

/* Uniform within 0..1, from a state that it advances. */
double random_uniform(uint64_t *state);

/* CLOCK_MONOTONIC, seconds. */
double seconds_now(void);

/* CLOCK_THREAD_CPUTIME_ID, seconds: for what does not sleep, and is not to seem longer for others' work. */
double cpu_seconds_now(void);

#endif
