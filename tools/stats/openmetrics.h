/* SPDX-License-Identifier: MIT */
/*
 * Counts as OpenMetrics text, for the textfile collector of Prometheus' node exporter. The samples
 * of one metric must stand together, so all processes are collected first.
 */
#ifndef REGWAIT_OPENMETRICS_H
#define REGWAIT_OPENMETRICS_H

#include <stdio.h>

#include "stats_page.h"

void openmetrics_add(const struct stats_page *p);
void openmetrics_print(FILE *to);

#endif
