/* SPDX-License-Identifier: MIT */
/*
 * driver [--quick] [--json FILE] [--only REGEX] [--seed N] [--cpu N] [--facts FILE]
 *        --build DIR [--shim FILE]
 * Measures the rows of rows.c and judges the targets of targets.c. `run` builds what it needs and
 * calls it.
 */
#define _GNU_SOURCE
#include <getopt.h>
#include <limits.h>
#include <regex.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "facts.h"
#include "json.h"
#include "report.h"
#include "startup.h"
#include "summary.h"

struct options {
	struct plan plan;
	const char *json;
	const char *only;
	const char *facts;
	bool quick;
	bool list;
};

enum {
	OPT_QUICK = 256,
	OPT_JSON,
	OPT_ONLY,
	OPT_SEED,
	OPT_CPU,
	OPT_FACTS,
	OPT_BUILD,
	OPT_SHIM,
	OPT_LIST
};

static const struct option option_table[] = {
	{ "quick", no_argument, NULL, OPT_QUICK },
	{ "json", required_argument, NULL, OPT_JSON },
	{ "only", required_argument, NULL, OPT_ONLY },
	{ "seed", required_argument, NULL, OPT_SEED },
	{ "cpu", required_argument, NULL, OPT_CPU },
	{ "facts", required_argument, NULL, OPT_FACTS },
	{ "build", required_argument, NULL, OPT_BUILD },
	{ "shim", required_argument, NULL, OPT_SHIM },
	{ "list", no_argument, NULL, OPT_LIST },
	{ NULL, 0, NULL, 0 },
};

static int take_option(struct options *o, int option)
{
	switch (option) {
	/* clang-format off */
	case OPT_QUICK: o->quick = true; break;
	case OPT_JSON: o->json = optarg; break;
	case OPT_ONLY: o->only = optarg; break;
	case OPT_SEED: o->plan.seed = strtoull(optarg, NULL, 0); break;
	case OPT_CPU: o->plan.cpu = atoi(optarg); break;
	case OPT_FACTS: o->facts = optarg; break;
	case OPT_BUILD: o->plan.build = optarg; break;
	case OPT_SHIM: o->plan.shim = optarg; break;
	case OPT_LIST: o->list = true; break;
	default: return -1;
		/* clang-format on */
	}
	return 0;
}

/* The last CPU that we may use: most interrupts go to the first. */
static int default_cpu(void)
{
	cpu_set_t set;
	int cpu, last = 0;

	if (sched_getaffinity(0, sizeof(set), &set))
		return 0;
	for (cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, &set))
			last = cpu;
	return last;
}

static void complete_plan(struct options *o)
{
	struct plan *plan = &o->plan;

	plan->generations = o->quick ? 5 : 15;
	plan->rounds = 6;
	plan->starts = o->quick ? 40 : 200;
	plan->block_ns = o->quick ? 1e6 : 4e6;
	plan->row_ns = o->quick ? 0.9e9 : 14e9;
	if (plan->cpu < 0)
		plan->cpu = default_cpu();
	if (!plan->seed)
		plan->seed = time(NULL) ^ (uint64_t)getpid() << 32;
	if (plan->shim && access(plan->shim, R_OK))
		plan->shim = NULL;
}

/* The driver sleeps while a block runs; on the same CPU its waking costs the workers nothing. */
static void pin(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		perror("driver: cannot stay on one CPU, figures will be noisier");
}

static int list_rows(void)
{
	unsigned int i;

	for (i = 0; i < row_count; i++)
		printf("%-18s %s\n", rows[i].name, rows[i].title);
	return 0;
}

static int measure_one(const struct plan *plan, const struct row *row, struct result *result)
{
	unsigned int generations = row->start ? plan->starts : plan->generations;

	if (result_prepare(result, row, generations, row->start ? 1 : plan->rounds)) {
		fprintf(stderr, "driver: no memory for the samples of row '%s'\n", row->name);
		return -1;
	}
	if (row->start)
		measure_start(plan, result);
	else
		measure_row(plan, result);
	report_row(result);
	return 0;
}

static void tell_about_log(const struct plan *plan)
{
	char path[PATH_MAX];
	struct stat st;

	snprintf(path, sizeof(path), "%s/workers.log", plan->build);
	if (!stat(path, &st) && st.st_size)
		printf("\nThe workers wrote to stderr: see %s\n", path);
}

static void forget_log(const struct plan *plan)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/workers.log", plan->build);
	unlink(path);
}

static int measure_all(struct options *o)
{
	struct result *results = calloc(row_count, sizeof(*results));
	struct machine machine;
	regex_t only;
	unsigned int i, count = 0;
	bool failed = false;

	if (!results || regcomp(&only, o->only ? o->only : "", REG_EXTENDED | REG_NOSUB)) {
		fprintf(stderr, "driver: cannot read the expression '%s'\n", o->only);
		return 1;
	}
	machine_read(&machine);
	report_head(&o->plan, &machine);
	for (i = 0; i < row_count; i++) {
		if (regexec(&only, rows[i].name, 0, NULL, 0))
			continue;
		if (measure_one(&o->plan, &rows[i], &results[count]))
			return 1;
		failed |= results[count++].failed;
	}
	report_targets(results, count, !o->only);
	if (o->json && json_write(o->json, &o->plan, &machine, results, count)) {
		fprintf(stderr, "driver: cannot write '%s'\n", o->json);
		failed = true;
	}
	tell_about_log(&o->plan);
	summary_print(results, count);
	for (i = 0; i < count; i++)
		free(results[i].samples);
	free(results);
	regfree(&only);
	return failed;
}

int main(int argc, char **argv)
{
	struct options o = { .plan = { .cpu = -1 } };
	int option;

	while ((option = getopt_long(argc, argv, "", option_table, NULL)) != -1)
		if (take_option(&o, option))
			return 1;
	if (o.list)
		return list_rows();
	if (!o.plan.build || optind != argc) {
		fprintf(stderr, "driver: say --build DIR (tests/bench/run does it for you)\n");
		return 1;
	}
	complete_plan(&o);
	random_seed(o.plan.seed);
	signal(SIGPIPE, SIG_IGN);
	forget_log(&o.plan);
	if (o.facts && facts_load(o.facts) < 0)
		fprintf(stderr, "driver: cannot read '%s', its targets are not judged\n", o.facts);
	pin(o.plan.cpu);
	return measure_all(&o);
}
