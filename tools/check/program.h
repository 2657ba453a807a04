/* SPDX-License-Identifier: MIT */
/*
 * regwait check PROGRAM: a program that is not running.
 */
#ifndef REGWAIT_PROGRAM_H
#define REGWAIT_PROGRAM_H

#include "common/report.h"
#include "diagnosis.h"
#include "elf.h"

/*
 * Where a command stands in PATH (search; NULL: where execvp(3) looks without it), as a shell
 * finds it; to be freed. NULL, with errno, if nowhere.
 */
char *program_find(const char *name, const char *search);

/* What a file is, and whether the shim can reach it when it is run. */
void program_check(struct report *r, const char *path, struct diagnosis *d);

/*
 * Adds what a file is, and whether anything keeps a preloaded library out of it; returns
 * whether something does. path is where it can be read, name what it is called.
 */
bool program_unreachable(struct report *r, const char *path, const char *name,
			 const struct elf_facts *f, struct diagnosis *d);

#endif
