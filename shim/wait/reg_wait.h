/* SPDX-License-Identifier: MIT */
/*
 * A program's own entries for registered waits (regwait.h), kept by us: the kernel's
 * region is our wait area, or there is none.
 */
#ifndef REGWAIT_ENTRIES_H
#define REGWAIT_ENTRIES_H

#include "ring/ring.h"

int entries_register(struct io_uring *ring, const struct next *next,
		     const struct reg_wait *entries, int nr);
struct reg_wait *entries_setup(struct io_uring *ring, const struct next *next, unsigned nr,
			       int *err);
void entries_free(struct reg_wait *entries, unsigned nr);

int entries_wait(struct io_uring *ring, struct io_uring_cqe **cqe_ptr, unsigned wait_nr,
		 int index, const void *caller);

#endif
