/* SPDX-License-Identifier: MIT */
/*
 * Where a file's bytes are in memory.
 */
#include "image.h"

const struct segment *code_segment(const struct code *c, uint64_t address, size_t size)
{
	const struct segment *s = c->segments, *end = s + c->nr_segments;

	for (; s < end; s++)
		if (address >= s->address && address - s->address < s->size &&
		    size <= s->size - (address - s->address))
			return s;
	return NULL;
}
