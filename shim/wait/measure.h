/* SPDX-License-Identifier: MIT */
/*
 * Waits that are measured: the modes observe, ab and aa. Mode on calls none of this.
 */
#ifndef REGWAIT_MEASURE_H
#define REGWAIT_MEASURE_H

#include "base/next.h"
#include "wait/engine.h"
#include "wait/enter.h"

/* What the mode says to a wait that could be registered. */
static inline enum regwait_reason mode_reason(unsigned mode)
{
	return mode == MODE_OFF	    ? REASON_SWITCHED_OFF :
	       mode == MODE_OBSERVE ? REASON_OBSERVED :
				      REASON_NONE;
}

/* The plain way, by a thread with a slot, counting what registering it would have meant. */
int measure_observed(const struct wait *w, uint64_t tag, const struct next *next);

/*
 * A wait that could be registered, by a thread with a slot: registered or plain as a coin falls,
 * and timed, if it has to wait at all. In mode aa the coin only decides under which variant it is
 * kept.
 */
int measure_variants(struct process *p, const struct wait *w, uint64_t tag, const struct next *next,
		     struct site site);

/* Both for a bare enter with a timeout, in any of these modes. */
int measure_enter(struct process *p, const struct enter *e, bool observed, struct site site);

#endif
