/* SPDX-License-Identifier: MIT */
/*
 * One line on a terminal while a comparison goes on. Elsewhere there is none.
 */
#ifndef REGWAIT_PROGRESS_H
#define REGWAIT_PROGRESS_H

#include "comparison.h"

/* Before the first run, and after each pair. start: when the first pair began. */
void progress_show(const struct comparison *c, const struct comparison_limits *limits,
		   double start);

/* Takes the line away. */
void progress_end(void);

#endif
