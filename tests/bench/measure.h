/* SPDX-License-Identifier: MIT */
/* One row: workers started, blocks run in turn, samples kept. */
#ifndef REGWAIT_BENCH_MEASURE_H
#define REGWAIT_BENCH_MEASURE_H

#include "stats.h"
#include "variant.h"

/* With fewer processes, an interval over processes means nothing. */
#define MIN_GENERATIONS 3

/* What the shim counted in a run of its own, beside the timed ones: did it act at all? */
struct proof {
	bool taken;
	unsigned long long armed, registered, polled;
	/* The first reason for a plain ring or wait. */
	char reason[64];
};

struct result {
	const struct row *row;
	unsigned int count;
	/* How many were planned, and how many of them there was time for. */
	unsigned int planned;
	unsigned int generations;
	unsigned int rounds;
	/* ns per operation: [variant][generation][round]. */
	double *samples;
	/* Why a variant has none, "" when it has. */
	char why[MAX_VARIANTS][WHY_SIZE];
	struct proof proof[MAX_VARIANTS];
	/* A variant failed, as opposed to: cannot run here. */
	bool failed;
};

enum op {
	/* a / b */
	OP_RATIO,
	/* a - b */
	OP_DIFFERENCE,
	/* (a / b) / (c / d) */
	OP_SHARE,
};

struct comparison {
	enum op op;
	enum variant_id a, b, c, d;
};

int result_prepare(struct result *result, const struct row *row, unsigned int generations,
		   unsigned int rounds);
/* A variant's place in the row, or -1. */
int variant_index(const struct row *row, enum variant_id variant);
double *variant_samples(const struct result *result, unsigned int index);
size_t sample_count(const struct result *result);
/* CLOCK_MONOTONIC in nanoseconds. */
double now_ns(void);
bool variant_measured(const struct result *result, enum variant_id variant);
/* False when the variant is the shim's and the shim did nothing in it. */
bool variant_at_work(const struct result *result, enum variant_id variant);

void measure_row(const struct plan *plan, struct result *result);

/* False when a variant that it needs was not measured. */
bool compare(const struct result *result, const struct comparison *what, struct estimate *estimate);

#endif
