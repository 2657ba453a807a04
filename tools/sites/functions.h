/* SPDX-License-Identifier: MIT */
/*
 * Where the functions of a file begin and end: as .eh_frame says (frames.h), and where that is
 * silent, as the symbol table does.
 */
#ifndef REGWAIT_FUNCTIONS_H
#define REGWAIT_FUNCTIONS_H

#include "image.h"

/* Adds a function, if the file has code there. */
void functions_add(struct functions *f, const struct code *c, uint64_t start, uint64_t size);

/* Sorts them, and drops those that contradict each other. */
void functions_sort(struct functions *f);

/* The one that holds this address; NULL: none. */
const struct function *functions_find(const struct functions *f, uint64_t address);

/* Adds what symbols tell of, where no function is known. */
void functions_add_symbols(struct code *c);

#endif
