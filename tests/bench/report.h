/* SPDX-License-Identifier: MIT */
/* The table that a person reads. */
#ifndef REGWAIT_BENCH_REPORT_H
#define REGWAIT_BENCH_REPORT_H

#include "machine.h"
#include "targets.h"

void report_head(const struct plan *plan, const struct machine *machine);
void report_row(const struct result *result);
/* all: also those of rows that were not asked for. */
void report_targets(const struct result *results, unsigned int count, bool all);

#endif
