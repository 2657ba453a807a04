/* SPDX-License-Identifier: MIT */
/*
 * Waits that are measured: the modes observe, ab and aa. In mode on none of this is called.
 */
#ifndef REGWAIT_MEASURE_H
#define REGWAIT_MEASURE_H

#include "base/next.h"
#include "wait/engine.h"
#include "wait/enter.h"

/* The reason, if any, why a wait that could be registered is plain in this mode. */
static inline enum regwait_reason mode_reason(unsigned mode)
{
	return mode == MODE_OFF	    ? REASON_SWITCHED_OFF :
	       mode == MODE_OBSERVE ? REASON_OBSERVED :
				      REASON_NONE;
}

/* A plain wait of a thread with a slot; counts what it would have been. */
int measure_observed(const struct wait *w, uint64_t tag, const struct next *next);

/*
 * A wait that could be registered, of a thread with a slot. A coin decides whether it is registered
 * or plain; it is timed, if it has to wait at all. In mode aa it is plain, and the coin only
 * decides which variant its time is counted for.
 */
int measure_variants(struct process *p, const struct wait *w, uint64_t tag, const struct next *next,
		     struct origin origin);

/* The same two for a bare timed enter. */
int measure_observed_enter(struct process *p, const struct enter *e, struct origin origin);
int measure_enter(struct process *p, const struct enter *e, struct origin origin);

#endif
