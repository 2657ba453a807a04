/* SPDX-License-Identifier: MIT */
/* What is beside a row's workers, or above them. */
#ifndef REGWAIT_BENCH_CIRCUMSTANCES_H
#define REGWAIT_BENCH_CIRCUMSTANCES_H

#include "variant.h"

struct circumstances {
	struct plan plan; /* the caller's, in these circumstances */
	pid_t neighbour;
	char cgroup[48];
};

/* 0, or 77 with the reason in why. To be ended in either case. */
int circumstances_begin(struct circumstances *c, const struct plan *plan, const struct row *row,
			char why[WHY_SIZE]);
void circumstances_end(struct circumstances *c);

#endif
