/* SPDX-License-Identifier: MIT */
/*
 * Waits that are looked at: the modes observe, ab and aa. None of this is on the
 * way of mode on.
 */
#ifndef REGWAIT_MEASURE_H
#define REGWAIT_MEASURE_H

#include "next.h"
#include "wait.h"

/* The plain way, by a thread with a slot, counting what registering it would have meant. */
int measure_observed(const struct wait *w, uint64_t tag, const struct next *next);

/*
 * A wait that could be registered, by a thread with a slot: registered or plain
 * as a coin falls, and timed, if it has to wait at all. In mode aa the coin only decides under
 * which arm it is kept.
 */
int measure_arms(struct process *p, const struct wait *w, uint64_t tag, const struct next *next,
		 const void *frame);

#endif
