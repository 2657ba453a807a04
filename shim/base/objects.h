/* SPDX-License-Identifier: MIT */
/*
 * What is loaded into this process, read from memory: who needs which versions of which file, and
 * where a function is. Nothing here allocates, opens a file or changes what dlerror() says: so it
 * can be used in signal handlers, in a forked child, and when there is no memory.
 */
#ifndef REGWAIT_OBJECTS_H
#define REGWAIT_OBJECTS_H

#include <link.h>
#include <stdbool.h>
#include <stdint.h>

struct object {
	uintptr_t base;
	uintptr_t start, end;	  /* of what is mapped */
	const char *path;	  /* "" for the main program */
	const ElfW(Dyn) *dynamic; /* NULL: it has none */
	const char *strings;
	const char *soname; /* NULL: it has none */
	const ElfW(Sym) *symbols;
	const ElfW(Half) *versions; /* of each symbol; NULL: it has none */
	const ElfW(Verneed) *needs;
	const ElfW(Verdef) *defines;
	const uint32_t *gnu_hash;
	const uint32_t *sysv_hash;
};

/* Fills in what the loader says of an object. */
void object_read(struct object *o, const struct dl_phdr_info *info);

static inline bool object_holds(const struct object *o, const void *address)
{
	return (uintptr_t)address - o->start < o->end - o->start;
}

/* The file of which it needs a version that begins so, as DT_VERNEED has it; or NULL. */
const char *object_needs(const struct object *o, const char *prefix);

/* Does it define versions that begin so? */
bool object_defines(const struct object *o, const char *prefix);

/* Is this the file that an object names as needed? */
bool object_is(const struct object *o, const char *file);

/* Its definition of a function, whatever its version; NULL: it has none. */
void *object_function(const struct object *o, const char *name);

/* The same, but only one that a reference with any version is bound to: it has none itself. */
void *object_unversioned_function(const struct object *o, const char *name);

#endif
