/* SPDX-License-Identifier: MIT */
/*
 * io_uring_register(2) on a ring that is named by a number, by whichever entry point it comes.
 */
#ifndef REGWAIT_REGISTER_H
#define REGWAIT_REGISTER_H

#include "base/next.h"

/* Returns what next->io_uring_register() returns, -errno included. */
int register_call(const struct next *next, unsigned fd, unsigned opcode, const void *arg,
		  unsigned nr_args);

#endif
