/* SPDX-License-Identifier: MIT */
#ifndef REGWAIT_PROCESS_STAT_H
#define REGWAIT_PROCESS_STAT_H

#include <stdbool.h>
#include <sys/types.h>

/* The parent of a process, and its state as a letter; -1: it is gone. */
int process_stat(pid_t pid, char *state);

/* Was it stopped, by a signal or a debugger? */
bool process_stopped(pid_t pid);

#endif
