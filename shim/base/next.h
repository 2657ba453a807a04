/* SPDX-License-Identifier: MIT */
/*
 * The real functions behind the interposed ones.
 *
 * A process may hold more than one liburing (liburing.so.2 and
 * liburing-ffi.so.2, or one that a plugin brought along with RTLD_LOCAL), so
 * the question is always: the next one for whom? The answer is the library that
 * the caller was linked with.
 */
#ifndef REGWAIT_NEXT_H
#define REGWAIT_NEXT_H

#include <stdbool.h>

#include "base/liburing_abi.h"

struct next {
#define X(name) __typeof__(name) *name;
	LIBURING_INTERPOSED(X)
#undef X
	unsigned index;		/* into the table of libraries, for next_by_index() */
	unsigned version;	/* 100 * major + minor, as far as it can be known */
	unsigned quirks;	/* enum liburing_quirk */
	bool known;		/* its rules for waits are known to us */
	bool interposed;	/* some of these functions are another preload's */
	/* Of its code and data in memory; 0: not to be had (glibc before 2.35). */
	uintptr_t start, end;
};

/*
 * Was this call made by that library itself, or by us on its behalf (the real functions end
 * in jumps, through which the return address is ours)? Asked of the address and not kept as
 * a state, since a handler may leave a call by siglongjmp().
 */
static inline bool next_called(const struct next *next, const void *caller)
{
	extern const char __ehdr_start[] __attribute__((visibility("hidden")));
	extern const char end[] __attribute__((visibility("hidden")));
	uintptr_t at = (uintptr_t)caller;

	return !next->end || (at >= next->start && at < next->end) ||
	       (at >= (uintptr_t)__ehdr_start && at < (uintptr_t)end);
}

/*
 * The library that the code at this return address calls. Never NULL: where
 * there is none, or a function is missing, calling it gives -ENOSYS.
 */
const struct next *next_for(const void *caller);

/* How many liburings were found so far. */
unsigned next_count(void);

/* Is this code that is never unloaded: the main program's, or a liburing's that we hold? */
bool next_stays(const void *caller);

/* One that next_for() gave before; NULL if there is none with this index. */
const struct next *next_by_index(unsigned index);

#endif
