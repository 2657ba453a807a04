/* SPDX-License-Identifier: MIT */
/*
 * The dynamic section of an ELF file, found by its segments.
 */
#ifndef REGWAIT_DYNAMIC_H
#define REGWAIT_DYNAMIC_H

#include <gelf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dynamic;

/* A dynamic symbol. */
struct dynamic_symbol {
	const char *name;
	bool defined;
	bool function;
	uint64_t address, size;
	const char *version; /* under which it is imported; "" if none, or if it is defined */
};

/* NULL: there is no valid dynamic section. */
struct dynamic *dynamic_open(Elf *elf);
void dynamic_close(struct dynamic *d);

bool dynamic_is_pie(const struct dynamic *d);
const char *dynamic_soname(const struct dynamic *d); /* "" if it has none */

/* Calls f for the name of each library that it needs. */
void dynamic_each_needed(const struct dynamic *d, void (*f)(const char *name, void *arg),
			 void *arg);

/* Calls f for each version that it defines itself. */
void dynamic_each_version(const struct dynamic *d, void (*f)(const char *name, void *arg),
			  void *arg);

void dynamic_each_symbol(struct dynamic *d, void (*f)(const struct dynamic_symbol *s, void *arg),
			 void *arg);

/* Where in the file the code of a defined symbol is. Returns how many bytes are there; 0: none. */
size_t dynamic_code(const struct dynamic *d, const struct dynamic_symbol *s,
		    const unsigned char **code);

#endif
