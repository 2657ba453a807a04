/* SPDX-License-Identifier: MIT */
/*
 * Counts as OpenMetrics text, as the textfile collector of Prometheus' node
 * exporter takes them. Samples of one metric must stand together, so processes
 * are collected first.
 */
#ifndef REGWAIT_OPENMETRICS_H
#define REGWAIT_OPENMETRICS_H

#include <stdio.h>

#include "stats_page.h"

void openmetrics_add(const struct stats_page *p);
void openmetrics_print(FILE *to);

#endif
