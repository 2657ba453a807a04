/* SPDX-License-Identifier: MIT */
/*
 * A program that wants a memory region of its own on a ring that we armed.
 *
 * The kernel takes one region for each ring and never gives it back. A program
 * that enables its rings itself registers before that, and then we leave the
 * ring alone; what is left are regions on rings that were never disabled.
 */
#ifndef REGWAIT_REGION_H
#define REGWAIT_REGION_H

#include "ring/ring.h"

/*
 * The kernel refused with -EBUSY, on a ring with our area. Does for the program what its
 * registration would have done, and says what the kernel would have said.
 */
int region_pretend(struct ring_ref ref, const struct ring_info *info, const void *reg,
		   unsigned nr_args);

#endif
