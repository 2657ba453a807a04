/* SPDX-License-Identifier: MIT */
/*
 * Registers the wait area with rings, as far as the budget of locked memory allows.
 */
#ifndef REGWAIT_ARM_H
#define REGWAIT_ARM_H

#include "process/process.h"

/*
 * May one more ring be armed? REASON_NONE: yes, and it is counted; arm_unreserve() takes that back
 * at once (the ring was not armed after all), arm_ended() after a while. Else the reason why not.
 */
enum regwait_reason arm_reserve(struct process *p);
void arm_unreserve(struct process *p);
void arm_ended(struct process *p); /* under the lock */

/* The reason why no ring of this process can be armed, if one is known; else REASON_NONE. */
enum regwait_reason arm_reason(void);

/*
 * Registers the area with a ring that is still disabled. op_flags is 0, or
 * REGISTER_USE_REGISTERED_RING if fd is a registered index. REASON_KERNEL: either this kernel knows
 * no wait areas, or the ring was not disabled. The caller finds out which, and in the first case
 * calls arm_kernel_too_old().
 */
enum regwait_reason arm_register(struct process *p, int fd, unsigned op_flags);

/* The kernel refused to enable a new ring: this process arms no more rings. */
void arm_enable_refused(void);

/* The kernel has no wait areas, or not even IORING_SETUP_R_DISABLED (before 5.10). */
void arm_kernel_too_old(void);

#endif
