/* SPDX-License-Identifier: MIT */
/*
 * The live test of a check: a timed wait through liburing and the shim. The program that waits is
 * this command itself, with the shim preloaded, and with liburing loaded by dlopen().
 */
#ifndef REGWAIT_SELFTEST_H
#define REGWAIT_SELFTEST_H

#include <stddef.h>

/* The part that runs under the shim: makes a ring, waits 1 ms. An exit code. */
int selftest_program(void);

/*
 * Runs the test. 1: a wait was registered; 0: it ran, but none was; -1: it could not be run. said:
 * a sentence about it.
 */
int selftest(char *said, size_t size);

#endif
