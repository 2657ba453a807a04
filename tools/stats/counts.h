/* SPDX-License-Identifier: MIT */
#ifndef REGWAIT_COUNTS_H
#define REGWAIT_COUNTS_H

#include "common/report.h"
#include "stats_page.h"

/* All counts of a page, as values of a report. */
void counts_report(struct report *r, const struct stats_page *p);

/* Timed waits of all kinds but those without a timeout. */
uint64_t counts_timed(const struct regwait_wait_counts *w);

/* One line for people: rings, waits, and the foremost reason if some were plain. */
void counts_line(const struct stats_page *p, char *line, size_t size);

#endif
