/* SPDX-License-Identifier: MIT */
/*
 * The liburings in this process, and the functions of each.
 *
 * No library is kept loaded. Its functions are called only by objects that need it, and while these
 * are loaded, so is it. Where dlclose() may have unloaded something (symbols/dl.c), what is known
 * about libraries that can be unloaded is looked up again.
 */
#ifndef REGWAIT_LIBRARIES_H
#define REGWAIT_LIBRARIES_H

#include <stdbool.h>

#include "base/liburing_abi.h"
#include "base/objects.h"

#define LIBRARIES_MAX	  16

#define LIBURING_VERSIONS "LIBURING_" /* how the names of its versions begin, in every release */

struct next {
#define X(name) __typeof__(name) *name;
	LIBURING_INTERPOSED(X)
#undef X
	unsigned version; /* 100 * major + minor, as far as it can be known */
	unsigned quirks;  /* enum liburing_quirk */
	bool known;	  /* its rules for waits are known to us */
	bool interposed;  /* some of these functions are another preload's */
};

/* Whose liburing wraps another preload's functions? Then each call keeps its own name. */
extern bool next_interposed __attribute__((visibility("hidden")));

/* What is called where there is no liburing: the system call, or -EINVAL. */
extern const struct next no_library __attribute__((visibility("hidden")));

/* Is this object our own? Is it a liburing (we define the same versions ourselves)? */
bool library_is_us(const struct object *o);
bool library_is_liburing(const struct object *o);

/*
 * The functions of this library, which are looked up again where it may have been unloaded
 * meanwhile; NULL if the table is full. stays: it was there from the start.
 */
const struct next *library_row(const struct object *o, bool stays);

/* Of the library in which this code is; NULL. */
const struct next *library_at(const void *address);

/* Is called first, at the start. */
void libraries_start(void);

/* Before and after objects may have been unloaded. */
void libraries_forget(void);

#endif
