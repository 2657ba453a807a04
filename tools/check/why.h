/* SPDX-License-Identifier: MIT */
/*
 * Why the shim did nothing in a program that was run with it.
 */
#ifndef REGWAIT_WHY_H
#define REGWAIT_WHY_H

#include <stdbool.h>

/* Must nothing be preloaded into this program, since it would not run then? */
bool why_not_preload(const char *program);

/* Why the shim was not loaded into it: a sentence, to be freed. */
char *why_not_loaded(const char *program);

/* Why it could make no ring that registers waits: a sentence, to be freed; NULL: it could. */
char *why_no_ring(void);

#endif
