/* SPDX-License-Identifier: MIT */
/*
 * Called by init.c. Each looks up the real functions behind those of its file.
 */
#ifndef REGWAIT_START_H
#define REGWAIT_START_H

#include "wait/stand_in.h"

/* symbols/looking.c: tables for both kinds of REGWAIT_SPIN. */
extern const struct rebound looking_always[] __attribute__((visibility("hidden")));
extern const struct rebound looking_where_it_pays[] __attribute__((visibility("hidden")));

void close_start(void);
void dl_start(void);
void syscall_start(void);
void thread_start(void);

#endif
