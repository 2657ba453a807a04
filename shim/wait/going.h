/* SPDX-License-Identifier: MIT */
/*
 * liburing's engine, for the waits that stand-ins make (wait/stand_in.c).
 */
#ifndef REGWAIT_GOING_H
#define REGWAIT_GOING_H

#include "contract/look_reasons.h"
#include "wait/rules.h"

/* How one wait goes: what the calls of liburing's engine differ in. */
struct going {
	unsigned submit, wait_nr;
	unsigned flags; /* IORING_ENTER_EXT_ARG or none */
	uintptr_t arg;
	size_t size;
	bool ends;  /* it has a timeout, and so enters once at the most */
	bool looks; /* it may look before it sleeps, unless there is a reason against it */
	enum look_reason reason;
	const struct __kernel_timespec *ts;
};

/* An enter that waits. In the modes ab and aa those without a timeout are timed here. */
int going_enter(struct io_uring *ring, const struct going *g, unsigned flags, uint64_t tag)
	__attribute__((visibility("hidden")));

/* A whole wait. What is submitted is taken off. */
int going_wait(struct io_uring *ring, struct io_uring_cqe **cqe_ptr, struct going *g, uint64_t tag)
	__attribute__((visibility("hidden")));

#endif
