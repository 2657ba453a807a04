/* SPDX-License-Identifier: MIT */
/*
 * io_uring_register(2) on rings that are known by their descriptor, whichever entry
 * point it comes by.
 */
#ifndef REGWAIT_REGISTER_H
#define REGWAIT_REGISTER_H

#include "base/next.h"

/* Returns what next->io_uring_register() does, -errno included. */
int register_call(const struct next *next, unsigned fd, unsigned opcode, const void *arg,
		  unsigned nr_args);

#endif
