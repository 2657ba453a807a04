/* SPDX-License-Identifier: MIT */
/* What is measured: variants (ways to run a worker), and rows (workloads, each by some of them). */
#ifndef REGWAIT_BENCH_ROWS_H
#define REGWAIT_BENCH_ROWS_H

#include <stdbool.h>

#define MAX_VARIANTS	12
#define MAX_VARIANT_ENV 4

enum variant_id {
	VARIANT_NONE,
	PLAIN,
	PLAIN_AGAIN,
	SHIM,
	ALONE,
	SHIM_TIMER,
	OFF,
	OBSERVE,
	RECOMPILED,
	LIMIT,
	LIMIT_FD,
	UNTIMED,
	PLAIN_OLD,
	PLAIN_OLD_AGAIN,
	SHIM_OLD,
	ALONE_OLD,
	PLAIN_8,
	PLAIN_1000,
	SHIM_8,
	SHIM_1000,
	RECOMPILED_8,
	RECOMPILED_1000,
	PLAIN_2T,
	SHIM_2T,
	SPIN,
	SPIN_AUTO,
	SPIN_COOP,
	EMPTY_LIBRARY,
	PLAIN_INSIDE,
	PLAIN_INSIDE_AGAIN,
	SITES,
	START_SITES,
	VARIANT_COUNT
};

enum preload {
	PRELOAD_NOTHING,
	PRELOAD_SHIM,
	/* A library without a line of code: what the loader itself asks for any preload. */
	PRELOAD_EMPTY,
};

struct variant {
	const char *name;
	const char *kind;
	enum preload preload;
	/* Built against the system's liburing instead of the fetched one. */
	bool system_liburing;
	/* With liburing inside. */
	bool inside;
	/* The program whose plan it gets (REGWAIT_SITES), or NULL. */
	const char *plan_of;
	const char *env[MAX_VARIANT_ENV];
	unsigned int rings;
	unsigned int threads;
	bool ring_fd;
};

/* Under which the workers of a row run (circumstances.c). */
enum circumstance {
	USUAL,
	NEIGHBOUR, /* a busy loop on the second lane's CPU */
	FIFO,	   /* SCHED_FIFO */
	QUOTA,	   /* of half a CPU for all */
};

struct row {
	const char *name;
	const char *title;
	const char *workload;
	unsigned int ring_flags;
	bool ring_fd;
	unsigned int batch;
	/* The first is what the others are compared with. */
	enum variant_id variants[MAX_VARIANTS + 1];
	/* Longer blocks, where a round trip over all rings must fit several times; 0: once. */
	unsigned int block_scale;
	/* Printed in microseconds. */
	bool micro;
	/* Its two threads have a CPU each. */
	bool apart;
	/* CPU time of both is measured, not wall time. */
	bool cpu_time;
	enum circumstance circumstance;
	/* One process of this program per sample, started to do nothing (startup.c), not workers. */
	const char *start;
};

extern const struct variant variants[VARIANT_COUNT];
extern const struct row rows[];
extern const unsigned int row_count;

#endif
