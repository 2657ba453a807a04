/* SPDX-License-Identifier: MIT */
/*
 * The name of a stats page's file: the inode of the PID namespace (stat of /proc/self/ns/pid; 0
 * without /proc), and the process id in that namespace: 4026531836-4711. The namespace is needed
 * because containers may share /dev/shm.
 *
 * While the file is being made, it has a hidden name, which ends with the thread's id:
 * .4026531836-4711.4712.
 */
#ifndef REGWAIT_CONTRACT_STATS_PAGE_NAME_H
#define REGWAIT_CONTRACT_STATS_PAGE_NAME_H

#include <stdbool.h>
#include <stdint.h>

#define STATS_PAGE_NAME_SIZE 48 /* for any name, with its terminating zero */

void stats_page_name(char *to, uint64_t pid_namespace, int pid);
void stats_page_name_hidden(char *to, uint64_t pid_namespace, int pid, int tid);

/* Takes a name of either kind apart. False: it is no stats page's name. */
bool stats_page_name_read(const char *name, uint64_t *pid_namespace, int *pid, bool *hidden);

#endif
