/* SPDX-License-Identifier: MIT */
/*
 * Sums of counts of rings and waits, and words for them.
 */
#ifndef REGWAIT_COUNTS_H
#define REGWAIT_COUNTS_H

#include "common/report.h"
#include "stats_page.h"

void counts_add(struct counts *sum, const struct counts *c);

/* Adds all counts to a report. */
void counts_report(struct report *r, const struct counts *c);

/* The sum over all reasons. */
uint64_t counts_plain(const uint64_t *plain);

/* Timed waits of all kinds but those without a timeout. */
uint64_t counts_timed(const struct counts *c);

/* Timed waits that were registered or polled. */
uint64_t counts_gained(const struct counts *c);

/* Waits, timed or not, that looked before they slept (REGWAIT_SPIN). */
uint64_t counts_spun(const struct counts *c);

/* The most frequent reason; REASON_NONE if nothing is plain. */
enum regwait_reason counts_foremost(const uint64_t *plain);

/* The same in words; NULL if nothing is plain. */
const char *counts_plain_why(const struct counts *c);

/* Was no ring and no wait seen? */
bool counts_empty(const struct counts *c);

/* One line for people: rings, waits, and the most frequent reason. */
void counts_line(const struct counts *c, char *line, size_t size);

#endif
