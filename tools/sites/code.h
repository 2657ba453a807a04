/* SPDX-License-Identifier: MIT */
/*
 * The code of an ELF file: its executable segments, its functions, and the key of its plan.
 *
 * Every number in a file may be wrong. What is outside of the file's bytes is not there.
 */
#ifndef REGWAIT_SITES_CODE_H
#define REGWAIT_SITES_CODE_H

#include <gelf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "contract/plan.h"

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
	struct plan_key key;
};

/*
 * Opens a file and finds all of that. 0 or -errno; -ENOEXEC: it is no ELF file for x86-64. Names are
 * looked up only if wanted.
 */
int code_open(struct code *c, const char *path, bool names);
void code_close(struct code *c);

/* The segment that holds size bytes from this address on; NULL: none. */
const struct segment *code_segment(const struct code *c, uint64_t address, size_t size);

static inline const unsigned char *segment_at(const struct segment *s, uint64_t address)
{
	return s->bytes + (address - s->address);
}

/* May there be code at this address of an executable segment? Data may lie beside it. */
bool code_may_be(const struct code *c, uint64_t address);

/* Is it libc, or the loader? */
bool code_is_libc(const struct code *c);

/* The function that holds this address; NULL: none. */
const struct function *code_function(const struct code *c, uint64_t address);

/* The nearest name at or before this address, and how far before; NULL: none. */
const char *code_name(const struct code *c, uint64_t address, uint64_t *offset);

#endif
