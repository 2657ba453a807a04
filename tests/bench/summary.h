/* SPDX-License-Identifier: MIT */
/* What a user wants to know, in six lines. */
#ifndef REGWAIT_BENCH_SUMMARY_H
#define REGWAIT_BENCH_SUMMARY_H

#include "measure.h"

/* Of those of its rows that were measured; nothing if none was. */
void summary_print(const struct result *results, unsigned int count);

#endif
