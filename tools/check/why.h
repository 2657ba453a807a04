/* SPDX-License-Identifier: MIT */
/*
 * Why the shim did nothing in a program that was run with it.
 */
#ifndef REGWAIT_WHY_H
#define REGWAIT_WHY_H

#include <stdbool.h>

/* Would this program not run with a preloaded library? */
bool why_not_preload(const char *program);

/* Why the shim was not loaded into the program: a sentence, to be freed. */
char *why_not_loaded(const char *program);

/*
 * Why the program could not make a ring with registered waits: a sentence, to be freed; NULL: it
 * could.
 */
char *why_no_ring(void);

#endif
