/* SPDX-License-Identifier: MIT */
/*
 * A timed wait through liburing and the shim, for a check: this command again,
 * preloaded, as a program that got liburing by dlopen().
 */
#ifndef REGWAIT_SELFTEST_H
#define REGWAIT_SELFTEST_H

#include <stddef.h>

/* The part that runs under the shim: makes a ring, waits 1 ms. An exit code. */
int selftest_program(void);

/*
 * Runs it. 1: a wait was registered; 0: it ran, but none was; -1: it could not be
 * run. said: what there is to say of it.
 */
int selftest(char *said, size_t size);

#endif
