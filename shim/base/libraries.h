/* SPDX-License-Identifier: MIT */
/*
 * The liburings in this process, and the functions of each.
 *
 * We keep no library loaded. Its functions are called only for objects that need the library, and
 * it stays loaded as long as these. After a dlclose() (symbols/dl.c), which may have unloaded
 * something, what is known of libraries that can be unloaded is looked up again.
 */
#ifndef REGWAIT_LIBRARIES_H
#define REGWAIT_LIBRARIES_H

#include <stdbool.h>

#include "base/liburing_abi.h"
#include "base/objects.h"

#define LIBRARIES_MAX	  16

#define LIBURING_VERSIONS "LIBURING_" /* all versions of all releases begin so */

struct next {
#define X(name) __typeof__(name) *name;
	LIBURING_INTERPOSED(X)
	LIBURING_UNTIMED(X)
#undef X
	unsigned version; /* 100 * major + minor, if it can be known */
	unsigned quirks;  /* enum liburing_quirk */
	bool known;	  /* we know this release's rules for waits */
	bool interposed;  /* some of these functions belong to another preload */
	/*
	 * Its system calls reach us by themselves (sites/): calls of its functions go on to it as they
	 * are, and its timed waits are not counted by name. Bare enters are as any.
	 */
	bool by_sites;
	/* If some of these functions are ours (struct stand_in), the library's own. Else NULL. */
	const struct next *real;
};

/*
 * Does another preload wrap the functions of any liburing here? Then each call must go on by its
 * own name.
 */
extern bool next_interposed __attribute__((visibility("hidden")));

/*
 * What is called where there is no liburing: the system call, or a function that returns -EINVAL.
 */
extern const struct next no_library __attribute__((visibility("hidden")));

/*
 * Is this object our own? Is it a liburing? (We define the same versions, so that is checked too.)
 */
bool library_is_us(const struct object *o);
bool library_is_liburing(const struct object *o);

/*
 * The functions of this library; looked up again if it may have been unloaded meanwhile. NULL if
 * the table is full. stays: it was loaded at the start, and is never unloaded.
 */
const struct next *library_row(const struct object *o, bool stays);

/*
 * Must this liburing go on being reached by the names of its functions? So must one whose rules are
 * known and that something loaded needs; one that another preload wraps; and one that was called
 * before, if calls of it may have been counted. Of others only the system calls can be had.
 */
bool library_is_by_names(const struct object *o, bool counted, bool stays);

/* Are its system calls patched? */
void library_set_by_sites(const struct object *o, bool by_sites);

/* The functions of the liburing whose code is at this address, or NULL. */
const struct next *library_at(const void *address);

/*
 * Functions of ours that replace a library's in its row, unless they are NULL. Those of rings replace
 * it only if its version is below this one and its rules are known. To be set at the start, before any
 * library is looked up.
 */
struct stand_in {
	struct next functions;
	unsigned below;
	/* Called with each object that calls a liburing, and with each liburing, and its row. */
	void (*found)(const struct object *o, const struct next *next);
};

void libraries_stand_in(const struct stand_in *ours);

/* To be called when it has been found out which library an object calls. */
void library_found_for(const struct object *o, const struct next *next);

/* At the start, before all others. */
void libraries_start(void);

/* To be called before and after objects may be unloaded. */
void libraries_forget(void);

#endif
