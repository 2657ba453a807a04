/* SPDX-License-Identifier: MIT */
/* See report.h. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "report.h"

void report_head(const struct plan *plan, const struct machine *machine)
{
	printf("%s, %d CPUs, Linux %s, load %.2f\n", machine->processor, machine->cpus,
	       machine->kernel, machine->load);
	printf("spectre_v2: %s\nspec_rstack_overflow: %s; retbleed: %s\n", machine->spectre_v2,
	       machine->rstack, machine->retbleed);
	printf("%u processes per variant, %u rounds each, blocks of %.1f ms, CPU %d, ",
	       plan->generations, plan->rounds, plan->block_ns / 1e6, plan->cpu);
	printf("seed %" PRIu64 "\n", plan->seed);
	printf("spread: between the medians of a variant's processes, largest to smallest\n");
	printf("shim: %s\n", plan->shim ? plan->shim : "not built: its variants are left out");
}

/* How far the medians of a variant's processes lie apart, in per cent of the variant's median. */
static double between_processes(const struct result *result, const double *samples, double middle)
{
	unsigned int i;
	double low = INFINITY, high = -INFINITY;

	for (i = 0; i < result->generations; i++) {
		double m = median(samples + i * result->rounds, result->rounds);

		low = fmin(low, m);
		high = fmax(high, m);
	}
	return 100 * (high - low) / middle;
}

static void print_variant(const struct result *result, unsigned int index, double scale)
{
	const struct comparison faster = {
		.op = OP_RATIO,
		.a = result->row->variants[0],
		.b = result->row->variants[index],
	};
	const double *samples = variant_samples(result, index);
	const struct proof *proof = &result->proof[index];
	size_t count = sample_count(result);
	double middle = median(samples, count);
	struct estimate e;

	printf("  %-18s %10.1f %10.1f %10.1f", variants[result->row->variants[index]].name,
	       middle / scale, quantile(samples, count, 0.25) / scale,
	       quantile(samples, count, 0.75) / scale);
	if (result->rounds > 1)
		printf(" %7.1f%%", between_processes(result, samples, middle));
	else
		printf(" %8s", "");
	if (index && compare(result, &faster, &e))
		printf("  %8.3f  [%.3f %.3f]", e.value, e.low, e.high);
	if (proof->taken && !proof->armed)
		printf("  NOT AT WORK%s%s", proof->reason[0] ? ": " : "", proof->reason);
	putchar('\n');
}

void report_row(const struct result *result)
{
	const struct row *row = result->row;
	double scale = row->micro ? 1000 : 1;
	unsigned int i;

	printf("\n%s: %s", row->name, row->title);
	if (result->generations < result->planned)
		printf(" (%u processes per variant: no time for more)", result->generations);
	putchar('\n');
	printf("  %-18s %10s %10s %10s %8s  %s / variant, 95 %%\n",
	       row->micro ? "us" : "ns per operation", "median", "quarter", "3 quarters",
	       result->rounds > 1 ? "spread" : "", variants[row->variants[0]].name);
	for (i = 0; i < result->count; i++) {
		if (result->why[i][0])
			printf("  %-18s -- %s\n", variants[row->variants[i]].name, result->why[i]);
		else
			print_variant(result, i, scale);
	}
	fflush(stdout);
}

static void print_target(const struct target *target, const struct judgement *judgement)
{
	const struct estimate *e = &judgement->estimate;
	int digits = target->comparison.op == OP_DIFFERENCE ? 0 : 3;

	printf("  %-66s %s %7g ", target->what,
	       target->bound == AT_MOST ? "<=" : ">=", target->limit);
	if (judgement->outcome == NOT_MEASURED || isnan(e->value))
		printf("%9s %19s %9s", "-", "", "");
	else if (target->fact)
		printf("%9g %19s %9s", e->value, "", "");
	else
		printf("%9.*f [%8.*f %8.*f] %9.*f", digits, e->value, digits, e->low, digits,
		       e->high, digits, e->of_medians);
	printf("  %s%s", outcome_text(judgement->outcome), judgement->close ? ", close" : "");
	if (judgement->best > 0)
		printf("; the limit: %.3f", judgement->best);
	if (judgement->note)
		printf(" (%s)", judgement->note);
	putchar('\n');
}

void report_targets(const struct result *results, unsigned int count, bool all)
{
	unsigned int i, found[4] = { 0 };
	struct judgement judgement;

	printf("\nTargets: median of the paired ratios, [95 %% interval], ratio of the medians; "
	       "\"close\": the\ninterval holds the bound, another run may judge otherwise\n");
	for (i = 0; i < target_count; i++) {
		judge(&targets[i], results, count, &judgement);
		if (!all && judgement.outcome == NOT_MEASURED)
			continue;
		found[judgement.outcome]++;
		print_target(&targets[i], &judgement);
	}
	printf("  %u met, %u not met, %u not applicable here, %u not measured\n", found[MET],
	       found[NOT_MET], found[NOT_APPLICABLE], found[NOT_MEASURED]);
}
