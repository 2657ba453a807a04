/* SPDX-License-Identifier: MIT */
/*
 * The real functions behind the interposed ones.
 *
 * A process may hold more than one liburing (liburing.so.2 and liburing-ffi.so.2, one that a
 * plugin brought along with RTLD_LOCAL, one under a name of its own), so the question is always:
 * the next one for whom? The answer is the file of which the calling object needs a version of
 * liburing's, as its DT_VERNEED says: without us the loader would have bound its calls to that.
 */
#ifndef REGWAIT_NEXT_H
#define REGWAIT_NEXT_H

#include <stdbool.h>

#include "base/libraries.h"

#define CALLERS_MAX 16

/* The objects whose calls reached us, and where these go. Size 0: nobody's. */
struct caller {
	uintptr_t start, size;
	const struct next *next;
	bool stays; /* it was there from the start, and is never unloaded */
};

extern struct caller next_callers[CALLERS_MAX] __attribute__((visibility("hidden")));
extern unsigned next_nr_callers __attribute__((visibility("hidden")));

/* The library that the code at this return address calls, if that is known; NULL. */
static inline const struct next *next_known(const void *caller)
{
	const struct caller *c = next_callers, *end = c + next_nr_callers;

	for (; c < end; c++)
		if ((uintptr_t)caller - c->start < c->size)
			return c->next;
	return NULL;
}

/* Is it code of the first of these objects, which most often is the only one? */
static inline __attribute__((always_inline)) bool next_is_first(const void *caller)
{
	return (uintptr_t)caller - next_callers[0].start < next_callers[0].size;
}

/* The same for the first three only: it needs no more registers than a jump leaves free. */
static inline __attribute__((always_inline)) const struct next *next_near(const void *caller)
{
	const struct caller *c = next_callers;
	uintptr_t at = (uintptr_t)caller;

	return at - c[0].start < c[0].size ? c[0].next :
	       at - c[1].start < c[1].size ? c[1].next :
	       at - c[2].start < c[2].size ? c[2].next :
					     NULL;
}

/*
 * The same, looked up where it is not known. Never NULL: for an object that needs no liburing (it
 * was given a pointer to a function) it is the first liburing that is loaded. A function that this
 * liburing lacks is the bare system call, or returns -EINVAL.
 */
const struct next *next_for(const void *caller);

/*
 * Was this call made by a liburing itself, or by us on its behalf (a real function may end in a
 * jump, and then the return address is ours)? Returns that library, or NULL. It is found by the
 * address; a flag would stay set if a handler leaves the call by siglongjmp().
 */
const struct next *next_inside(const void *caller);

/* Set around each call of ours that may lead to another by a jump. Returns what was set before. */
const struct next *next_on_behalf(const struct next *next);

/* At the start: what is loaded now is never unloaded. */
void next_start(void);

/* Before and after objects may have been unloaded. */
void next_forget(void);

#endif
