/* SPDX-License-Identifier: MIT */
/*
 * The name of a stats page's file: the process id, and before it the inode of the PID namespace
 * in which the process has that id (stat /proc/self/ns/pid; 0 where there is no /proc), since
 * containers may share /dev/shm: 4026531836-4711.
 *
 * While it is being made, a page has the name of its thread: .4026531836-4711.4712.
 */
#ifndef REGWAIT_CONTRACT_STATS_PAGE_NAME_H
#define REGWAIT_CONTRACT_STATS_PAGE_NAME_H

#include <stdbool.h>
#include <stdint.h>

#define STATS_PAGE_NAME_SIZE 48 /* any of them, with its end */

void stats_page_name(char *to, uint64_t pid_namespace, int pid);
void stats_page_name_hidden(char *to, uint64_t pid_namespace, int pid, int tid);

/* What a name of either kind says. False: it is no page's. */
bool stats_page_name_read(const char *name, uint64_t *pid_namespace, int *pid, bool *hidden);

#endif
