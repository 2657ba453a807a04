/* SPDX-License-Identifier: MIT */
/*
 * Called by init.c. Each looks up the real functions behind those of its file.
 */
#ifndef REGWAIT_START_H
#define REGWAIT_START_H

#include "wait/stand_in.h"

/* symbols/looking.c: a table. */
extern const struct rebound looking[] __attribute__((visibility("hidden")));

void close_start(void);
void dl_start(void);
void syscall_start(void);
void thread_start(void);

#endif
