/* SPDX-License-Identifier: MIT */
/*
 * The measures of a comparison, and when there are enough pairs.
 */
#include <stdio.h>

#include "common/statistics.h"
#include "comparison.h"

static const struct {
	const char *key, *label, *unit;
	double scale;
	double shortest; /* shortest value that can be compared */
} measures[MEASURES] = {
	[WALL] = { "wall", "wall time", "s", 1, 0 },
	[CPU] = { "cpu", "CPU time", "s", 1, 0.001 },
	/* The kernel counts each clock tick as one or the other: ten ticks of 4 ms. */
	[USER] = { "user", "user time", "s", 1, 0.04 },
	[SYSTEM] = { "system", "system time", "s", 1, 0.04 },
	[MEMORY] = { "memory", "peak memory", "MiB", 1.0 / 1024, 0 },
	[METRIC] = { "metric", "its own figure", "", 1, 0 },
	[PER_WAIT] = { "per_wait", "CPU per wait", "ns", 1, 0 },
};

const char *measure_key(enum measure m)
{
	return measures[m].key;
}

const char *measure_label(enum measure m)
{
	return measures[m].label;
}

const char *measure_unit(enum measure m)
{
	return measures[m].unit;
}

double measure_scale(enum measure m)
{
	return measures[m].scale;
}

bool measure_too_short(enum measure m, const struct pair_summary *s)
{
	return s->off < measures[m].shortest || s->on < measures[m].shortest;
}

bool measure_compared(const struct comparison *c, enum measure m, const struct pair_summary *s)
{
	return !*c->reason && !measure_too_short(m, s);
}

bool comparison_is_precise(const struct comparison *c)
{
	const struct pairs *p = &c->pairs[c->judged];
	struct pair_summary s;

	if (p->nr < 10)
		return false;
	s = pairs_summary(p, c->seed);
	return s.high - s.low <= 2 * MARGIN;
}

void comparison_outlier(const struct comparison *c, const struct outlier *o, char *line,
			size_t size)
{
	const char *unit = measures[c->judged].unit;

	snprintf(line, size, "pair %zu: %s %.5g%s%s, ratio %.4f", o->pair, o->variant,
		 o->value * measures[c->judged].scale, *unit ? " " : "", unit, o->ratio);
}
