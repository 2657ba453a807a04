/* SPDX-License-Identifier: MIT */
/* The row that starts a program without io_uring, and what that program finds in itself. */
#ifndef REGWAIT_BENCH_STARTUP_H
#define REGWAIT_BENCH_STARTUP_H

#include "measure.h"

/* Each process is a generation of its own, with one round. */
void measure_start(const struct plan *plan, struct result *result);

#endif
