/* SPDX-License-Identifier: MIT */
/*
 * A program wants a memory region of its own on a ring that we armed.
 *
 * The kernel takes one region for each ring and never gives it back. A program that enables its
 * rings itself registers its region before that, and then we leave the ring alone. What is left are
 * regions on rings that the program did not create disabled.
 */
#ifndef REGWAIT_REGION_H
#define REGWAIT_REGION_H

#include "ring/ring.h"

/*
 * The kernel refused with -EBUSY, on a ring with our area. Does what the registration would have
 * done for the program, and returns what the kernel would have returned.
 */
int region_pretend(struct ring_ref ref, const struct ring_info *info, const void *reg,
		   unsigned nr_args);

#endif
