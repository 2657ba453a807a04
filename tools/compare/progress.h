/* SPDX-License-Identifier: MIT */
/*
 * A line of progress on the terminal during a comparison. Without a terminal there is none.
 */
#ifndef REGWAIT_PROGRESS_H
#define REGWAIT_PROGRESS_H

#include "comparison.h"

/* Before the first run, and after each pair. start: when the first pair began. */
void progress_show(const struct comparison *c, const struct comparison_limits *limits,
		   double start);

/* Erases the line. */
void progress_end(void);

#endif
