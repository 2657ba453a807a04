/* SPDX-License-Identifier: MIT */
/*
 * Hands out memory in sizes that are powers of two. Memory that is given back is kept for the next
 * request of the same size.
 */
#include <string.h>
#include <sys/mman.h>

#include "base/arena.h"
#include "base/kernel.h"

#define SMALLEST_SHIFT 6
#define CHUNK_SIZE     (16 * 1024)

struct chunk {
	struct chunk *next;
	size_t size;
};

/* All mappings. A forked child inherits them and uses them again. A process has one arena. */
static struct chunk *chunks;

static unsigned class_of(size_t size)
{
	unsigned rank = 0;

	while (rank < ARENA_CLASSES && (size_t)1 << (rank + SMALLEST_SHIFT) < size)
		rank++;
	return rank;
}

static struct chunk *map_chunk(size_t size)
{
	long at = kernel_call(SYS_mmap, 0, size, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct chunk *c;

	if ((unsigned long)at >= -4095UL)
		return NULL;
	c = (struct chunk *)at;
	c->size = size;
	return c;
}

/* Makes a chunk with room for size bytes the one in use. */
static int next_chunk(struct arena *a, size_t size)
{
	size_t wanted = size + sizeof(struct chunk);
	struct chunk **link = a->chunk ? &a->chunk->next : &chunks;

	if (a->more && (size_t)(a->more_end - a->more) >= size) {
		a->at = a->more;
		a->end = a->more_end;
		a->more = NULL;
		return 1;
	}
	/* Chunks that are too small are skipped; a child may have inherited such. */
	while (*link && (*link)->size < wanted)
		link = &(*link)->next;
	if (!*link) {
		struct chunk *c = map_chunk(wanted > CHUNK_SIZE ? wanted : CHUNK_SIZE);

		if (!c)
			return 0;
		*link = c;
	}
	a->chunk = *link;
	a->at = (char *)(a->chunk + 1);
	a->end = (char *)a->chunk + a->chunk->size;
	return 1;
}

void *arena_get(struct arena *a, size_t size)
{
	unsigned rank = class_of(size);
	void *memory;

	if (rank == ARENA_CLASSES)
		return NULL;
	size = (size_t)1 << (rank + SMALLEST_SHIFT);
	memory = a->freed[rank];
	if (memory) {
		a->freed[rank] = *(void **)memory;
		return memset(memory, 0, size);
	}
	if ((size_t)(a->end - a->at) < size && !next_chunk(a, size))
		return NULL;
	memory = a->at;
	a->at += size;
	/* Memory from arena_begin() holds zeroes; a chunk may have been used by the parent. */
	return a->chunk ? memset(memory, 0, size) : memory;
}

void arena_put(struct arena *a, void *memory, size_t size)
{
	unsigned rank = class_of(size);

	*(void **)memory = a->freed[rank];
	a->freed[rank] = memory;
}
