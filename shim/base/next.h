/* SPDX-License-Identifier: MIT */
/*
 * The real functions behind the interposed ones.
 *
 * A process may hold more than one liburing (liburing.so.2 and liburing-ffi.so.2, one that a plugin
 * loads with RTLD_LOCAL, one under another name), so the real function depends on the caller. It is
 * that of the file from which the calling object needs one of liburing's versions (DT_VERNEED):
 * without us the loader would have bound the object's calls to that file.
 */
#ifndef REGWAIT_NEXT_H
#define REGWAIT_NEXT_H

#include <stdbool.h>

#include "base/arch/arch.h"
#include "base/libraries.h"

#define CALLERS_MAX 16

/*
 * An object whose calls have reached us, and the library that they go on to. Size 0: the row is
 * free.
 */
struct caller {
	uintptr_t start, size;
	const struct next *next;
	bool stays; /* it was loaded at the start, and is never unloaded */
};

extern struct caller next_callers[CALLERS_MAX] __attribute__((visibility("hidden")));
extern unsigned next_nr_callers __attribute__((visibility("hidden")));

/*
 * Is it an address in that object? Another thread may be filling the row, and writes the size last.
 * So it is read first where the processor might read it last.
 */
static inline __attribute__((always_inline)) bool caller_holds(const struct caller *c, uintptr_t at)
{
	uintptr_t size = ARCH_READS_IN_ORDER ? c->size :
					       __atomic_load_n(&c->size, __ATOMIC_ACQUIRE);

	return at - c->start < size;
}

/* The library that the object with this return address calls, if that is known; else NULL. */
static inline const struct next *next_known(const void *caller)
{
	const struct caller *c = next_callers, *end = c + next_nr_callers;

	for (; c < end; c++)
		if (caller_holds(c, (uintptr_t)caller))
			return c->next;
	return NULL;
}

/* Does this address lie in the first object of the table? Most programs have one only. */
static inline __attribute__((always_inline)) bool next_is_first(const void *caller)
{
	return caller_holds(&next_callers[0], (uintptr_t)caller);
}

/*
 * As next_known(), but for the first three only: so it needs no more registers than the function
 * that jumps on may use.
 */
static inline __attribute__((always_inline)) const struct next *next_near(const void *caller)
{
	const struct caller *c = next_callers;
	uintptr_t at = (uintptr_t)caller;

	return caller_holds(&c[0], at) ? c[0].next :
	       caller_holds(&c[1], at) ? c[1].next :
	       caller_holds(&c[2], at) ? c[2].next :
					 NULL;
}

/*
 * As next_known(), but looks up what is not known. Never NULL: for an object that needs no liburing
 * (it was given a pointer to a function) it is the first liburing that is loaded. A function that
 * this liburing lacks is the bare system call, or returns -EINVAL.
 */
const struct next *next_for(const void *caller);

/*
 * Was this call made by a liburing itself, or by us on its behalf? (A real function may end in a
 * jump to us, and then the return address is ours.) Returns that library, or NULL. The address is
 * compared and no flag is set: a flag would stay set when a signal handler leaves the call by
 * siglongjmp().
 */
const struct next *next_inside(const void *caller);

/*
 * Set around each call of ours from which a real function may jump back to us. Returns the library
 * that was set before.
 */
const struct next *next_on_behalf(const struct next *next);

/* At the start. What is loaded now is never unloaded. */
void next_start(void);

/* To be called before and after objects may be unloaded. */
void next_forget(void);

#endif
