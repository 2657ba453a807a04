/* SPDX-License-Identifier: MIT */
#ifndef REGWAIT_ATTACH_H
#define REGWAIT_ATTACH_H

#include "comparison.h"

/* Measures slices of a running process, its mode set to off and on in turn. 0, EXIT_NO. */
int attach_measure(struct comparison *c, pid_t pid, double slice,
		   const struct comparison_limits *limits);

#endif
