/* SPDX-License-Identifier: MIT */
/*
 * REGWAIT_SPIN: a wait that would sleep first looks for its completions for a while. To sleep and
 * be woken takes tens of microseconds where that crosses processors; a completion that comes sooner
 * is seen at once.
 *
 * look() stands where an enter that waits would be made, whichever wait it is for: of a registered
 * wait (wait/engine.h), of one without a wait area or a timeout (wait/stand_in.c). It submits, and
 * it ends with what that one enter would have returned, or says how the enter is to be made that
 * sleeps for the rest of the time. So no rule of liburing's has to know of it.
 */
#ifndef REGWAIT_LOOK_H
#define REGWAIT_LOOK_H

#include "wait/looking.h"

/* At the start, if waits may look at all. */
void look_start(void);

/*
 * May this enter look first? Not while the mode is off, in a sandbox, on a ring whose waits we do
 * not know or that the kernel polls itself, and not where a signal handler might go unnoticed
 * (wait/marks.h). That it has no minimum time and no signal mask is for the caller to see.
 */
bool look_may(struct look *l, uint64_t tag) __attribute__((visibility("hidden")));

/* The same for a bare enter, whose ring is known by its descriptor. */
bool look_bare_may(struct look *l) __attribute__((visibility("hidden")));

/*
 * Submits and looks. True: it is over, and ret is what the enter would have returned. Else there is
 * nothing to be submitted any more, an enter is to wait for what is left, and if ret is not 0, that
 * is what all of it returns, whatever becomes of the wait.
 */
bool look(struct look *l) __attribute__((noinline, visibility("hidden")));
bool look_bare(struct look *l) __attribute__((noinline, visibility("hidden")));

#endif
