/* SPDX-License-Identifier: MIT */
/*
 * What is known of an ELF file: its segments, its functions, their names, and the key of its plan.
 *
 * Every number in a file may be wrong. What is outside of the file's bytes is not there.
 */
#ifndef REGWAIT_IMAGE_H
#define REGWAIT_IMAGE_H

#include <gelf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "contract/plan.h"
#include "machine.h"

/* A part of the file that is loaded. */
struct segment {
	uint64_t address;
	uint64_t offset;
	size_t size;
	const unsigned char *bytes;
	bool code; /* it is executed, and can be read */
};

/* A range of addresses, of which the first is that of an instruction. */
struct function {
	uint64_t start, end;
};

struct functions {
	struct function *all; /* sorted, and none overlaps another */
	size_t nr, room;
};

struct name {
	uint64_t address;
	const char *text;
};

struct code {
	Elf *elf;
	int fd;
	struct segment *segments;
	size_t nr_segments;
	struct functions functions;
	struct segment *texts; /* sections with code; none: the file has no section headers */
	size_t nr_texts;
	struct name *names; /* sorted */
	size_t nr_names;
	const struct machine *machine;
	struct name *mapping; /* sorted: mapping.h */
	size_t nr_mapping;
	struct plan_key key;
};

/* The segment that holds size bytes from this address on; NULL: none. */
const struct segment *code_segment(const struct code *c, uint64_t address, size_t size);

static inline const unsigned char *segment_at(const struct segment *s, uint64_t address)
{
	return s->bytes + (address - s->address);
}

#endif
