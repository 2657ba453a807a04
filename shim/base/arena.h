/* SPDX-License-Identifier: MIT */
/*
 * Memory for tables, from mappings of our own and not from malloc(): we may be called in a signal
 * handler that interrupted malloc(), or in a child that was forked while another thread was in
 * malloc().
 *
 * A struct arena lies in memory that fork wipes, so it starts empty in a child. The mappings stay,
 * and the child uses them again. The callers hold a lock.
 */
#ifndef REGWAIT_ARENA_H
#define REGWAIT_ARENA_H

#include <stddef.h>

#define ARENA_CLASSES 24 /* sizes are powers of two, from 64 bytes on */

struct chunk;

struct arena {
	char *at, *end;	       /* what is left of the memory in use */
	char *more, *more_end; /* the memory to use next; NULL: chunks */
	struct chunk *chunk;
	void *freed[ARENA_CLASSES];
};

/* Gives the arena its first memory, and the memory after that. Both must hold zeroes. */
static inline void arena_begin(struct arena *a, void *memory, size_t size, void *more,
			       size_t more_size)
{
	a->at = memory;
	a->end = a->at + size;
	a->more = more;
	a->more_end = a->more + more_size;
}

/* Returns zeroed memory, or NULL if there is none. */
void *arena_get(struct arena *a, size_t size);
void arena_put(struct arena *a, void *memory, size_t size);

#endif
