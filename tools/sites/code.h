/* SPDX-License-Identifier: MIT */
/*
 * Opens an ELF file, and finds what is known of it (image.h).
 */
#ifndef REGWAIT_SITES_CODE_H
#define REGWAIT_SITES_CODE_H

#include "image.h"

/*
 * Opens a file and finds all of that. 0 or -errno; -ENOEXEC: it is no ELF file for a machine that is
 * known (machine.h). Names are looked up only if wanted.
 */
int code_open(struct code *c, const char *path, bool names);
void code_close(struct code *c);

/* May there be code at this address of an executable segment? Data may lie beside it. */
bool code_may_be(const struct code *c, uint64_t address);

/* Is it libc, or the loader? */
bool code_is_libc(const struct code *c);

/* The function that holds this address; NULL: none. */
const struct function *code_function(const struct code *c, uint64_t address);

/* The nearest name at or before this address, and how far before; NULL: none. */
const char *code_name(const struct code *c, uint64_t address, uint64_t *offset);

#endif
