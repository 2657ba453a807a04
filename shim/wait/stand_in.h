/* SPDX-License-Identifier: MIT */
/*
 * What stands in for a liburing's functions.
 *
 * With REGWAIT_IOWAIT=off these are its bare enters, which get the flag, and up to 2.9, whose waits
 * cannot be told to have it, all that waits. With REGWAIT_SPIN they are all that waits, bare enters
 * included, and what unmaps a ring. In the mode observe they time the waits without a timeout. The waits of marked rings (ring/iowait.h), and of rings whose waits may look
 * (wait/look.h), are made here, by the release's rules; any other ring's by the library itself.
 *
 * Nothing of this is asked for at a wait: a row of functions (base/libraries.h) has these or those.
 */
#ifndef REGWAIT_STAND_IN_H
#define REGWAIT_STAND_IN_H

#include "base/next.h"
#include "wait/engine.h"

/* A function that we export, and what objects that call it are bound to, where waits look. */
struct rebound {
	const char *name; /* NULL at the end of a table */
	void *exported, *looks;
};

/* At the start, before any liburing is looked at. */
void stand_in_start(const struct rebound *exported);

/* Is it a wait that is made here, for this library? Then *ret is what it returned. */
bool stand_in_wait(const struct wait *w, const struct next *real, int *ret)
	__attribute__((visibility("hidden")));

/* The bare enters (wait/stand_in_bare.c), and all that is timed in mode observe (wait/watch.c). */
extern const struct next watching_functions __attribute__((visibility("hidden")));
int stand_in_enter(unsigned fd, unsigned submit, unsigned wait_nr, unsigned flags, sigset_t *mask)
	__attribute__((visibility("hidden")));
int stand_in_enter2(unsigned fd, unsigned submit, unsigned wait_nr, unsigned flags, void *arg,
		    size_t size) __attribute__((visibility("hidden")));

/* What the library itself has. */
static inline const struct next *stand_in_real(const struct next *next)
{
	return next->real ? next->real : next;
}

/* The library whose function was called from here. */
static inline const struct next *stand_in_for(const void *caller)
{
	return stand_in_real(next_for(caller));
}

#endif
