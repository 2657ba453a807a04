/* SPDX-License-Identifier: MIT */
/* Worker processes, seen from the driver. */
#ifndef REGWAIT_BENCH_VARIANT_H
#define REGWAIT_BENCH_VARIANT_H

#include <stdint.h>
#include <sys/types.h>

#include "rows.h"

#define WHY_SIZE 192

struct plan {
	/* build/tests/bench, and the shim's path or NULL. */
	const char *build;
	const char *shim;
	unsigned int generations;
	unsigned int rounds;
	unsigned int starts;
	double block_ns;
	/* A row that takes longer than this (the machine is busy) ends with fewer processes. */
	double row_ns;
	int cpu;
	/* Of the row's circumstance; NULL: none. */
	const char *cgroup;
	uint64_t seed;
};

struct running {
	pid_t pid;
	int to, from;
};

/* All return 0, or an exit code (1, 77) with the reason in why. */
int variant_start(const struct plan *plan, const struct row *row, enum variant_id variant,
		  const char *extra_env, struct running *run, char why[WHY_SIZE]);
int variant_block(struct running *run, uint64_t ops, double *ns, char why[WHY_SIZE]);
void variant_stop(struct running *run);

/* Starts argv with the variant's environment; its streams come from in and go to out and err. */
int spawn_variant(const struct plan *plan, const struct variant *variant, const char *extra_env,
		  char *const argv[], const int fds[3], pid_t *pid, char why[WHY_SIZE]);

#endif
