/* SPDX-License-Identifier: MIT */
/*
 * Registers the wait area with a ring, within bounds.
 */
#ifndef REGWAIT_ARM_H
#define REGWAIT_ARM_H

#include "process/process.h"

/*
 * May one more ring be armed? Takes a place for it, which arm_unreserve() gives
 * back at once (it never was armed) or arm_ended() after a while. Else: why not.
 */
enum regwait_reason arm_reserve(struct process *p);
void arm_unreserve(struct process *p);
void arm_ended(struct process *p); /* the caller holds p->lock */

/* The reason, if one is known, why no ring of this process can be armed; REASON_NONE: none is. */
enum regwait_reason arm_reason(void);

/*
 * Registers the area with a ring that is still disabled. op_flags is 0, or
 * REGISTER_USE_REGISTERED_RING if fd is a registered index. REASON_KERNEL says that this
 * kernel knows no areas, or that the ring was not disabled: the caller finds out, and
 * calls arm_kernel_too_old().
 */
enum regwait_reason arm_register(struct process *p, int fd, unsigned op_flags);

/* Enabling a fresh ring was refused: never again in this process. */
void arm_enable_refused(void);

/* The kernel knows no wait areas, or not even IORING_SETUP_R_DISABLED (before 5.10). */
void arm_kernel_too_old(void);

#endif
