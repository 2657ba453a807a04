/* SPDX-License-Identifier: MIT */
/*
 * How long waits without a timeout sleep: the mode observe. Of timed ones measure.c keeps account.
 */
#ifndef REGWAIT_WATCH_H
#define REGWAIT_WATCH_H

#include "wait/enter.h"

/* A wait this long has most likely slept: no wait that finds its completion there takes so long. */
#define SLEPT_NS 10000

/* A bare enter: the time now, if it is a wait without a timeout, else 0. */
uint64_t watch_enter(const struct enter *e) __attribute__((visibility("hidden")));

/* After the wait. Nothing is done if start is 0. */
void watch_end(uint64_t start) __attribute__((visibility("hidden")));

#endif
