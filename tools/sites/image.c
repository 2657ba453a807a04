/* SPDX-License-Identifier: MIT */
/*
 * Where a file's bytes are in memory.
 */
#include "image.h"

const struct segment *code_segment(const struct code *c, uint64_t address, size_t size)
{
	size_t i;

	/* Without segments there is no array. */
	for (i = 0; i < c->nr_segments; i++) {
		const struct segment *s = &c->segments[i];

		if (address >= s->address && address - s->address < s->size &&
		    size <= s->size - (address - s->address))
			return s;
	}
	return NULL;
}
