/* SPDX-License-Identifier: MIT */
/*
 * How many rings may be armed at a time.
 *
 * Each locks the pages of the wait area once more, in a count that the kernel keeps for the user,
 * not for the process. So what we take of it is the user's as well: all its processes together
 * may arm as many rings as lock a sixty-fourth of RLIMIT_MEMLOCK. They count in a System V
 * semaphore, since the kernel takes back what a process put there when it dies, however it dies.
 *
 * All under the table's lock, but for what is free.
 */
#ifndef REGWAIT_BUDGET_H
#define REGWAIT_BUDGET_H

#include "process/process.h"

/* The key of a user's set; the multiplier is odd, so no two users have the same. */
#define BUDGET_KEY(uid)	  ((key_t)(2654435761U * (uid) ^ 0x72676d6cU))
#define BUDGET_SEMAPHORES 3 /* as many as few others would make; the first counts */

/* Is one more ring not charged to anybody? Then it is counted as such, and may be armed. */
bool budget_take_free(void);

/*
 * Where it is not free: takes the pages of one more ring; in_use is how many this process has
 * armed. REASON_NONE, or the reason why it is not armed.
 */
enum regwait_reason budget_take(const struct process *p, unsigned in_use);

/* One that was taken is not needed any more. */
void budget_give_back(const struct process *p);

#endif
