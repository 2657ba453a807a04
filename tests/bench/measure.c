/* SPDX-License-Identifier: MIT */
/*
 * See measure.h. All variants' workers are started first; in each round every variant runs one
 * block, in rotated order with a random start and changing direction, so that drift hits all alike.
 * After some rounds all workers are replaced by new processes (a "generation").
 */
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "circumstances.h"
#include "measure.h"

#define MIN_OPS	  4
#define MAX_OPS	  10000000ULL
#define PROOF_OPS 200

struct race {
	const struct plan *plan;
	struct result *result;
	struct running running[MAX_VARIANTS];
	uint64_t ops[MAX_VARIANTS];
	bool up[MAX_VARIANTS];
};

int result_prepare(struct result *result, const struct row *row, unsigned int generations,
		   unsigned int rounds)
{
	memset(result, 0, sizeof(*result));
	result->row = row;
	while (row->variants[result->count])
		result->count++;
	result->planned = result->generations = generations;
	result->rounds = rounds;
	result->samples = calloc((size_t)result->count * generations * rounds, sizeof(double));
	return result->samples ? 0 : -1;
}

int variant_index(const struct row *row, enum variant_id variant)
{
	int i;

	for (i = 0; row->variants[i]; i++)
		if (row->variants[i] == variant)
			return i;
	return -1;
}

size_t sample_count(const struct result *result)
{
	return (size_t)result->generations * result->rounds;
}

double *variant_samples(const struct result *result, unsigned int index)
{
	return result->samples + (size_t)index * result->planned * result->rounds;
}

bool variant_measured(const struct result *result, enum variant_id variant)
{
	int index = variant_index(result->row, variant);

	return index >= 0 && !result->why[index][0];
}

bool variant_at_work(const struct result *result, enum variant_id variant)
{
	int index = variant_index(result->row, variant);

	return index < 0 || !result->proof[index].taken || result->proof[index].armed;
}

double now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1e9 + ts.tv_nsec;
}

static void drop(struct race *race, unsigned int index, int status)
{
	if (status != 77)
		race->result->failed = true;
	if (race->up[index])
		variant_stop(&race->running[index]);
	race->up[index] = false;
}

static void start_all(struct race *race)
{
	struct result *result = race->result;
	unsigned int i, index, first = random_below(result->count);
	int status;

	for (i = 0; i < result->count; i++) {
		index = (first + i) % result->count;
		if (result->why[index][0])
			continue;
		status = variant_start(race->plan, result->row, result->row->variants[index], NULL,
				       &race->running[index], result->why[index]);
		race->up[index] = !status;
		if (status)
			drop(race, index, status);
	}
}

static void stop_all(struct race *race)
{
	unsigned int i;

	for (i = 0; i < race->result->count; i++)
		if (race->up[i])
			variant_stop(&race->running[i]);
	memset(race->up, 0, sizeof(race->up));
}

static bool run_block(struct race *race, unsigned int index, uint64_t ops, double *ns)
{
	int status;

	if (!race->up[index])
		return false;
	status = variant_block(&race->running[index], ops, ns, race->result->why[index]);
	if (status)
		drop(race, index, status);
	return !status;
}

/*
 * Operations per block, so that each variant's block takes about as long. Variants of about the
 * same speed run the same number: then what a block itself costs is the same in all.
 */
static void calibrate(struct race *race)
{
	const struct row *row = race->result->row;
	double block = race->plan->block_ns * (row->block_scale ? row->block_scale : 1);
	unsigned int i, pass;

	for (i = 0; i < race->result->count; i++) {
		uint64_t ops = 50;
		double ns = 0;

		for (pass = 0; pass < 2; pass++) {
			if (!run_block(race, i, ops, &ns))
				break;
			ops = fmin(fmax(block / (pass ? 1 : 8) / fmax(ns, 1), MIN_OPS), MAX_OPS);
		}
		race->ops[i] = ops;
		if (ops > race->ops[0] / 2 && ops < race->ops[0] * 2)
			race->ops[i] = race->ops[0];
	}
}

static void run_round(struct race *race, unsigned int generation, unsigned int round)
{
	struct result *result = race->result;
	unsigned int i, index, first = random_below(result->count);
	bool backwards = round & 1;

	for (i = 0; i < result->count; i++) {
		double ns = 0;

		index = (first + (backwards ? result->count - i : i)) % result->count;
		if (run_block(race, index, race->ops[index], &ns))
			variant_samples(result, index)[generation * result->rounds + round] = ns;
	}
}

static void read_proof(const char *path, struct proof *proof)
{
	FILE *file = fopen(path, "r");
	char line[256], key[64];
	unsigned long long value;

	proof->taken = true;
	if (!file)
		return;
	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%63s %llu", key, &value) != 2)
			continue;
		if (!strcmp(key, "rings.armed"))
			proof->armed = value;
		else if (!strcmp(key, "waits.registered"))
			proof->registered = value;
		else if (!strcmp(key, "waits.polled"))
			proof->polled = value;
		else if (!proof->reason[0] && strstr(key, ".plain."))
			snprintf(proof->reason, sizeof(proof->reason), "%s", key);
	}
	fclose(file);
}

/* A short run that is not timed, in which the shim says what it did. */
static void take_proof(const struct plan *plan, struct result *result, unsigned int index)
{
	char path[PATH_MAX], env[PATH_MAX + 16], why[WHY_SIZE];
	struct running run;
	double ns;

	snprintf(path, sizeof(path), "%s/proof.%d", plan->build, getpid());
	snprintf(env, sizeof(env), "REGWAIT_STATS=%s", path);
	unlink(path);
	if (variant_start(plan, result->row, result->row->variants[index], env, &run, why))
		return;
	variant_block(&run, PROOF_OPS, &ns, why);
	variant_stop(&run);
	read_proof(path, &result->proof[index]);
	unlink(path);
}

static void race_row(const struct plan *plan, struct result *result)
{
	struct race race = { .plan = plan, .result = result };
	unsigned int i, generation, round;
	double start = now_ns();

	for (generation = 0; generation < result->planned; generation++) {
		if (generation >= MIN_GENERATIONS && now_ns() - start > plan->row_ns)
			break;
		start_all(&race);
		if (!generation)
			calibrate(&race);
		for (round = 0; round < result->rounds; round++)
			run_round(&race, generation, round);
		stop_all(&race);
	}
	result->generations = generation;
	for (i = 0; i < result->count; i++) {
		enum variant_id variant = result->row->variants[i];

		if (variants[variant].preload == PRELOAD_SHIM && variant != OFF &&
		    variant != OBSERVE && !result->why[i][0])
			take_proof(plan, result, i);
	}
}

void measure_row(const struct plan *plan, struct result *result)
{
	struct circumstances c;
	char why[WHY_SIZE];
	unsigned int i;

	if (circumstances_begin(&c, plan, result->row, why))
		for (i = 0; i < result->count; i++)
			snprintf(result->why[i], WHY_SIZE, "%s", why);
	else
		race_row(&c.plan, result);
	circumstances_end(&c);
}

static double apply(enum op op, double a, double b, double c, double d)
{
	switch (op) {
	case OP_RATIO:
		return a / b;
	case OP_DIFFERENCE:
		return a - b;
	default:
		return a / b / (c / d);
	}
}

bool compare(const struct result *result, const struct comparison *what, struct estimate *estimate)
{
	enum variant_id ids[4] = { what->a, what->b, what->c, what->d };
	size_t i, count = sample_count(result);
	const double *side[4];
	double mid[4], *paired;

	for (i = 0; i < 4; i++) {
		enum variant_id id = what->op == OP_SHARE || i < 2 ? ids[i] : ids[0];

		if (!variant_measured(result, id))
			return false;
		side[i] = variant_samples(result, variant_index(result->row, id));
		mid[i] = median(side[i], count);
	}
	paired = malloc(count * sizeof(*paired));
	if (!paired)
		return false;
	for (i = 0; i < count; i++)
		paired[i] = apply(what->op, side[0][i], side[1][i], side[2][i], side[3][i]);
	estimate->value = median(paired, count);
	estimate->of_medians = apply(what->op, mid[0], mid[1], mid[2], mid[3]);
	bootstrap(paired, result->generations, result->rounds, estimate);
	free(paired);
	return true;
}
