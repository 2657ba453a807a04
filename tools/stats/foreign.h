/* SPDX-License-Identifier: MIT */
/*
 * The /dev/shm of processes in containers, which is another one than ours.
 */
#ifndef REGWAIT_FOREIGN_H
#define REGWAIT_FOREIGN_H

#include <sys/types.h>

/*
 * Opens the one that this process has, if it has its own and that is the kernel's memory and no
 * file system whose every answer is somebody's. A descriptor, -errno.
 */
int foreign_shm(pid_t pid);

/* Calls f for each that there is. Returns the sum of what f returns. */
int foreign_shm_each(int (*f)(int shm, void *arg), void *arg);

#endif
