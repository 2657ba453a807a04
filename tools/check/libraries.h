/* SPDX-License-Identifier: MIT */
/*
 * The libraries that would be loaded with a program.
 */
#ifndef REGWAIT_LIBRARIES_H
#define REGWAIT_LIBRARIES_H

#include "elf.h"

/*
 * Calls f for each library that would be loaded with a program of ours (dynamic, not foreign,
 * glibc): asks this system's loader, which runs nothing of it. Returns NULL, or why the program
 * could not be started: a sentence.
 */
const char *libraries_each(const char *path, const struct elf_facts *facts,
			   void (*f)(const char *library, void *arg), void *arg);

/* Calls f for the file that the loader finds in such a program by this name, if there is one. */
void libraries_named(const char *path, const struct elf_facts *facts, const char *name,
		     void (*f)(const char *library, void *arg), void *arg);

#endif
