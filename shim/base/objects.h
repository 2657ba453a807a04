/* SPDX-License-Identifier: MIT */
/*
 * The objects that are loaded into this process, read from memory: which versions of which file
 * each needs, which it defines, and where a function is. Nothing here allocates, opens a file or
 * changes what dlerror() returns, so it can be used in signal handlers, in a forked child, and when
 * memory is exhausted.
 */
#ifndef REGWAIT_OBJECTS_H
#define REGWAIT_OBJECTS_H

#include <link.h>
#include <stdbool.h>
#include <stdint.h>

struct object {
	uintptr_t base;
	uintptr_t start, end;	    /* of its mapped segments */
	uintptr_t relro, relro_end; /* of what the loader has made read-only; 0: nothing */
	const char *path;	    /* "" for the main program */
	const ElfW(Dyn) *dynamic;   /* NULL: it has none */
	const char *strings;
	const char *soname; /* NULL: it has none */
	const ElfW(Sym) *symbols;
	const ElfW(Half) *versions; /* of each symbol; NULL: it has none */
	const ElfW(Verneed) *needs;
	const ElfW(Verdef) *defines;
	const uint32_t *gnu_hash;
	const uint32_t *sysv_hash;
};

/* Fills in an object from what the loader says of it. */
void object_read(struct object *o, const struct dl_phdr_info *info);

/* What an address in its dynamic section stands for. */
const void *object_address(const struct object *o, uintptr_t value);

static inline bool object_holds(const struct object *o, const void *address)
{
	return (uintptr_t)address - o->start < o->end - o->start;
}

/* The file from which the object needs a version with this prefix (DT_VERNEED), or NULL. */
const char *object_needs(const struct object *o, const char *prefix);

/* Does the object define a version with this prefix? */
bool object_defines(const struct object *o, const char *prefix);

/* Is the object the file of this name, as a DT_NEEDED entry would name it? */
bool object_is(const struct object *o, const char *file);

/* The object's definition of a function, whatever its version; NULL: it has none. */
void *object_function(const struct object *o, const char *name);

/*
 * As above, but only the one that references without a version are bound to, as dlsym() finds it.
 * NULL, too, if the loader would have to ask which function it stands for.
 */
void *object_default_function(const struct object *o, const char *name);

/*
 * As above, but only a definition without a version: references with any version are bound to it.
 */
void *object_unversioned_function(const struct object *o, const char *name);

#endif
