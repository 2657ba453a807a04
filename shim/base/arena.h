/* SPDX-License-Identifier: MIT */
/*
 * Memory for tables, from mappings of our own and not by malloc(): we may be called in a signal
 * handler that interrupted malloc(), or in a child that was forked while another thread was in it.
 *
 * An arena lies in memory that fork wipes, and so begins anew in a child; its mappings are kept
 * and used again there. The callers hold a lock.
 */
#ifndef REGWAIT_ARENA_H
#define REGWAIT_ARENA_H

#include <stddef.h>

#define ARENA_CLASSES 24 /* sizes are powers of two, from 64 bytes on */

struct chunk;

struct arena {
	char *at, *end;	       /* what is left of the chunk in use */
	char *more, *more_end; /* what comes next; NULL: chunks */
	struct chunk *chunk;
	void *freed[ARENA_CLASSES];
};

/* Gives it its first memory, and the next; both hold zeroes. */
static inline void arena_begin(struct arena *a, void *memory, size_t size, void *more,
			       size_t more_size)
{
	a->at = memory;
	a->end = a->at + size;
	a->more = more;
	a->more_end = a->more + more_size;
}

/* Zeroes; NULL: there is no memory. */
void *arena_get(struct arena *a, size_t size);
void arena_put(struct arena *a, void *memory, size_t size);

#endif
