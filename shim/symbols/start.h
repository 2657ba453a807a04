/* SPDX-License-Identifier: MIT */
/*
 * Called by init.c. Each looks up the real functions behind those of its file.
 */
#ifndef REGWAIT_START_H
#define REGWAIT_START_H

void close_start(void);
void dl_start(void);
void syscall_start(void);
void thread_start(void);

#endif
