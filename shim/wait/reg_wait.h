/* SPDX-License-Identifier: MIT */
/*
 * A program's own registered waits (regwait.h). They are kept by us, since the ring's region is our
 * wait area, or the ring has no region.
 */
#ifndef REGWAIT_REG_WAIT_H
#define REGWAIT_REG_WAIT_H

#include "ring/ring.h"
#include "wait/engine.h"

int reg_waits_register(struct io_uring *ring, const struct next *next,
		       const struct reg_wait *reg_waits, int nr);
struct reg_wait *reg_waits_setup(struct io_uring *ring, const struct next *next, unsigned nr,
				 int *err);
void reg_waits_free(struct reg_wait *reg_waits, unsigned nr);

int reg_waits_wait(struct io_uring *ring, struct io_uring_cqe **cqe_ptr, unsigned wait_nr,
		   int index, struct origin origin);

#endif
