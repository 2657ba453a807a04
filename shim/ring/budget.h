/* SPDX-License-Identifier: MIT */
/*
 * How many rings may be armed at a time.
 *
 * Each armed ring locks the pages of the wait area once more, and the kernel counts these pages for
 * the user, not for the process. So the limit is for the user, too: all processes of a user
 * together may arm as many rings as lock a sixty-fourth of RLIMIT_MEMLOCK. They count in a System V
 * semaphore: when a process ends, however it ends, the kernel takes back what it added (SEM_UNDO).
 *
 * All functions but budget_take_uncharged() are called under the table's lock.
 */
#ifndef REGWAIT_BUDGET_H
#define REGWAIT_BUDGET_H

#include "process/process.h"

/* The key of a user's set. The multiplier is odd, so no two users have the same key. */
#define BUDGET_KEY(uid)	  ((key_t)(2654435761U * (uid) ^ 0x72676d6cU))
#define BUDGET_SEMAPHORES 3 /* an unusual number, to recognise the set; the first one counts */

/* If the kernel charges nobody for one more ring: counts the ring, and returns true. */
bool budget_take_uncharged(void);

/*
 * Else: takes the pages of one more ring; in_use is how many rings this process has armed.
 * REASON_NONE, or the reason why the ring must not be armed.
 */
enum regwait_reason budget_take(const struct process *p, unsigned in_use);

/* Gives back what was taken for one ring. */
void budget_give_back(const struct process *p);

#endif
