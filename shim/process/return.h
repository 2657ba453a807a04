/* SPDX-License-Identifier: MIT */
/*
 * The way back from the system call (REGWAIT_RETURN).
 *
 * On some machines the first return to a frame that was entered before a system call is expensive:
 * 55 to 190 ns on an AMD EPYC with "Safe RET", three times what a registered wait saves. The
 * processor seems to predict it from what the kernel left behind. A few calls in between whose
 * return addresses are dropped (return_refill()) give it others to predict from, for every caller
 * up the stack. On other machines that only costs time. So it is measured, once in a process, and
 * done only where it is clearly better.
 */
#ifndef REGWAIT_RETURN_H
#define REGWAIT_RETURN_H

#include "base/arch/arch.h"
#include "process/process.h"

/* Do waits refill the return predictor? Then the tags of armed rings lead to wait/by_index.h. */
extern bool return_refills_ __attribute__((visibility("hidden")));

static inline bool return_refills(void)
{
	return __atomic_load_n(&return_refills_, __ATOMIC_RELAXED);
}

/* Decides, at the first ring that is armed; takes 100 us at most. */
void return_choose(void);

/* Writes into the process's page what was decided. Under the table's lock. */
void return_tell(struct process *p);

#define RETURN_ROUNDS 9	 /* of one block each way, after one that is thrown away */
#define RETURN_CALLS  16 /* in a block */

/* What blocks that took so long, ns, say: is a refill better? Sorts them, fills in r. */
bool return_judge(int plain[RETURN_ROUNDS], int refilled[RETURN_ROUNDS],
		  struct regwait_returning *r) __attribute__((visibility("hidden")));

#endif
