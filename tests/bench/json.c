/* SPDX-License-Identifier: MIT */
/* See json.h. Figures that are not there (not a number) become null. */
#include <jansson.h>
#include <math.h>

#include "facts.h"
#include "json.h"

static json_t *number(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

static void put_estimate(json_t *object, const struct estimate *e)
{
	json_object_set_new(object, "ratio_of_medians", number(e->of_medians));
	json_object_set_new(object, "paired_median", number(e->value));
	json_object_set_new(object, "low", number(e->low));
	json_object_set_new(object, "high", number(e->high));
}

static json_t *processes(const struct result *result, const double *samples)
{
	json_t *list = json_array();
	unsigned int i;

	for (i = 0; i < result->generations; i++)
		json_array_append_new(list,
				      number(median(samples + i * result->rounds, result->rounds)));
	return list;
}

static json_t *variant_json(const struct result *result, unsigned int index)
{
	const struct comparison faster = {
		.op = OP_RATIO,
		.a = result->row->variants[0],
		.b = result->row->variants[index],
	};
	const struct proof *proof = &result->proof[index];
	const double *samples = variant_samples(result, index);
	size_t count = sample_count(result);
	json_t *object = json_object();
	struct estimate e;

	json_object_set_new(object, "name",
			    json_string(variants[result->row->variants[index]].name));
	if (result->why[index][0]) {
		json_object_set_new(object, "not_measured", json_string(result->why[index]));
		return object;
	}
	json_object_set_new(object, "median_ns", number(median(samples, count)));
	json_object_set_new(object, "quarter_ns", number(quantile(samples, count, 0.25)));
	json_object_set_new(object, "three_quarters_ns", number(quantile(samples, count, 0.75)));
	json_object_set_new(object, "least_ns", number(quantile(samples, count, 0)));
	if (result->rounds > 1)
		json_object_set_new(object, "process_medians_ns", processes(result, samples));
	if (compare(result, &faster, &e)) {
		json_t *ratio = json_object();

		put_estimate(ratio, &e);
		json_object_set_new(object, "first_over_this", ratio);
	}
	if (proof->taken) {
		json_object_set_new(object, "rings_armed", json_integer(proof->armed));
		json_object_set_new(object, "waits_registered", json_integer(proof->registered));
		json_object_set_new(object, "waits_polled", json_integer(proof->polled));
		if (proof->reason[0])
			json_object_set_new(object, "plain_reason", json_string(proof->reason));
	}
	return object;
}

static json_t *row_json(const struct result *result)
{
	json_t *object = json_object(), *list = json_array();
	unsigned int i;

	json_object_set_new(object, "name", json_string(result->row->name));
	json_object_set_new(object, "title", json_string(result->row->title));
	json_object_set_new(object, "processes", json_integer(result->generations));
	json_object_set_new(object, "rounds", json_integer(result->rounds));
	for (i = 0; i < result->count; i++)
		json_array_append_new(list, variant_json(result, i));
	json_object_set_new(object, "variants", list);
	return object;
}

static json_t *target_json(const struct target *target, const struct result *results,
			   unsigned int count)
{
	json_t *object = json_object();
	struct judgement judgement;

	judge(target, results, count, &judgement);
	json_object_set_new(object, "what", json_string(target->what));
	json_object_set_new(object, "bound",
			    json_string(target->bound == AT_MOST ? "at most" : "at least"));
	json_object_set_new(object, "limit", number(target->limit));
	if (judgement.outcome != NOT_MEASURED)
		put_estimate(object, &judgement.estimate);
	json_object_set_new(object, "outcome", json_string(outcome_text(judgement.outcome)));
	json_object_set_new(object, "close", json_boolean(judgement.close));
	if (judgement.best > 0)
		json_object_set_new(object, "at_limit", number(judgement.best));
	if (judgement.note)
		json_object_set_new(object, "note", json_string(judgement.note));
	return object;
}

static json_t *machine_json(const struct machine *machine)
{
	return json_pack("{s:s s:s s:i s:f s:s s:s s:s}", "kernel", machine->kernel, "processor",
			 machine->processor, "cpus", machine->cpus, "load", machine->load,
			 "spectre_v2", machine->spectre_v2, "spec_rstack_overflow", machine->rstack,
			 "retbleed", machine->retbleed);
}

static json_t *facts_json(void)
{
	json_t *object = json_object();
	const struct fact *facts;
	unsigned int i, count;

	facts = facts_all(&count);
	for (i = 0; i < count; i++)
		json_object_set_new(object, facts[i].name, number(facts[i].value));
	return object;
}

int json_write(const char *path, const struct plan *plan, const struct machine *machine,
	       const struct result *results, unsigned int count)
{
	json_t *root = json_object(), *list = json_array();
	unsigned int i;
	int ret;

	json_object_set_new(root, "machine", machine_json(machine));
	json_object_set_new(root, "seed", json_integer(plan->seed));
	json_object_set_new(root, "block_ns", number(plan->block_ns));
	json_object_set_new(root, "cpu", json_integer(plan->cpu));
	for (i = 0; i < count; i++)
		json_array_append_new(list, row_json(&results[i]));
	json_object_set_new(root, "rows", list);
	json_object_set_new(root, "facts", facts_json());
	list = json_array();
	for (i = 0; i < target_count; i++)
		json_array_append_new(list, target_json(&targets[i], results, count));
	json_object_set_new(root, "targets", list);
	ret = json_dump_file(root, path, JSON_INDENT(1));
	json_decref(root);
	return ret;
}
