/* SPDX-License-Identifier: MIT */
/*
 * What each process does per second, from one look to the next: a row for each process.
 */
#ifndef REGWAIT_ROWS_H
#define REGWAIT_ROWS_H

#include "common/report.h"
#include "stats_page.h"

/* Adds the row to a report; nothing at the first look. */
void rates_report(struct report *r, const struct stats_page *p);

/* Prints the row, under a head that is repeated at intervals. */
void row_print(const struct stats_page *p, bool alive);

#endif
