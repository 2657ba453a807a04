/* SPDX-License-Identifier: MIT */
/* What has been promised, and whether this run shows it. */
#ifndef REGWAIT_BENCH_TARGETS_H
#define REGWAIT_BENCH_TARGETS_H

#include "measure.h"

enum bound {
	AT_MOST,
	AT_LEAST,
};

/* What must hold for a target to mean anything on this machine. */
enum need {
	NEED_NOTHING,
	NEED_TWO_CPUS,
};

struct target {
	const char *what;
	enum bound bound;
	double limit;
	/* Either a comparison in a row, or a fact by its name. */
	const char *row;
	struct comparison comparison;
	const char *fact;
	enum need need;
	/* What the figure would be with this variant, the best there can be, in the shim's place. */
	enum variant_id best;
};

enum outcome {
	MET,
	NOT_MET,
	/* A variant could not run, the row was not asked for, or the shim did not act. */
	NOT_MEASURED,
	/* The machine lacks what the target is about. */
	NOT_APPLICABLE,
};

struct judgement {
	enum outcome outcome;
	struct estimate estimate;
	/* The limit lies within the 95 % interval: another run may judge otherwise. */
	bool close;
	/* The figure with target->best, 0 when there is none. */
	double best;
	const char *note;
};

extern const struct target targets[];
extern const unsigned int target_count;

void judge(const struct target *target, const struct result *results, unsigned int count,
	   struct judgement *judgement);
const char *outcome_text(enum outcome outcome);

#endif
