/* SPDX-License-Identifier: MIT */
/* See summary.h. The rows are those of the README's table, and what a row of it costs CPU time. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "summary.h"

static const struct line {
	const char *row;
	enum variant_id with;
} lines[] = {
	{ "nop", SHIM },
	{ "nop-defer", SHIM },
	{ "zero", SHIM },
	{ "pipe", SHIM },
	{ "create", SHIM },
	{ "start", SHIM },
	{ "spin-tcp-defer", SPIN_AUTO },
	{ "spin-tcp-defer-cpu", SPIN_AUTO },
	{ "spin-enter2", SPIN_AUTO },
	{ "spin-enter2-cpu", SPIN_AUTO },
	{ "spin-syscall", SPIN_AUTO },
	{ "spin-syscall-cpu", SPIN_AUTO },
};

static double middle(const struct result *result, enum variant_id variant)
{
	unsigned int index = variant_index(result->row, variant);

	return median(variant_samples(result, index), sample_count(result));
}

/* "182 ns", "104.4 us" */
static void print_time(double ns)
{
	if (ns < 10000)
		printf(" %7.0f ns", ns);
	else
		printf(" %7.1f us", ns / 1000);
}

static void print_line(const struct result *result, enum variant_id with)
{
	const struct comparison ratio = { OP_RATIO, PLAIN, with, VARIANT_NONE, VARIANT_NONE };
	struct estimate e;

	printf("  %-52.52s", result->row->title);
	print_time(middle(result, PLAIN));
	print_time(middle(result, with));
	if (!variant_at_work(result, with))
		printf("  not at work");
	else if (compare(result, &ratio, &e))
		printf("  %6.2f  [%.2f %.2f]", e.value, e.low, e.high);
	putchar('\n');
}

static const struct result *measured(const struct result *results, unsigned int count,
				     const struct line *line)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		if (!strcmp(results[i].row->name, line->row) &&
		    variant_measured(&results[i], PLAIN) &&
		    variant_measured(&results[i], line->with))
			return &results[i];
	return NULL;
}

void summary_print(const struct result *results, unsigned int count)
{
	bool headed = false;
	size_t i;

	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		const struct result *result = measured(results, count, &lines[i]);

		if (!result)
			continue;
		if (!headed)
			printf("\nIn short: medians, and without / with, paired, with its 95 %% interval\n"
			       "  %-52s %10s %10s  %6s\n",
			       "", "without", "with", "ratio");
		headed = true;
		print_line(result, lines[i].with);
	}
}
