/* SPDX-License-Identifier: MIT */
/* Counts what this thread allocates. For one file of a program: it stands in front of libc. */
#ifndef MALLOCS_H
#define MALLOCS_H

#include <stddef.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t nr, size_t size);
extern void *__libc_realloc(void *memory, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static __thread unsigned mallocs;

void *malloc(size_t size)
{
	mallocs++;
	return __libc_malloc(size);
}

void *calloc(size_t nr, size_t size)
{
	mallocs++;
	return __libc_calloc(nr, size);
}

void *realloc(void *memory, size_t size)
{
	mallocs++;
	return __libc_realloc(memory, size);
}

void *memalign(size_t alignment, size_t size)
{
	mallocs++;
	return __libc_memalign(alignment, size);
}

#endif
