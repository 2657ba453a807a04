/* SPDX-License-Identifier: MIT */
/*
 * The /dev/shm of processes in containers, which is another one than ours.
 */
#ifndef REGWAIT_FOREIGN_H
#define REGWAIT_FOREIGN_H

#include <sys/types.h>

/*
 * Opens the /dev/shm of a process, if it is another than ours and a tmpfs: other file systems may
 * answer anything. A descriptor, or -errno.
 */
int foreign_shm(pid_t pid);

/* Calls f for each /dev/shm other than ours. Returns the sum of what f returns. */
int foreign_shm_each(int (*f)(int shm, void *arg), void *arg);

#endif
