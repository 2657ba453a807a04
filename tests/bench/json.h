/* SPDX-License-Identifier: MIT */
/* The same figures as the report's, as JSON for programs. */
#ifndef REGWAIT_BENCH_JSON_H
#define REGWAIT_BENCH_JSON_H

#include "machine.h"
#include "targets.h"

/* 0, or -1 when the file cannot be written. */
int json_write(const char *path, const struct plan *plan, const struct machine *machine,
	       const struct result *results, unsigned int count);

#endif
