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
 * Finds a command in PATH (search; NULL: the directories of execvp(3) without PATH), as a shell
 * does; to be freed. NULL, with errno: not found.
 */
char *program_find(const char *name, const char *search);

/*
 * The file that is executed if this command is: the command itself, or what runs it if it is a
 * script; to be freed. NULL, with errno: not found.
 */
char *program_behind(const char *name);

/* Reports what a program is, and whether the shim can reach it. */
void program_check(struct report *r, const char *path, struct diagnosis *d);

/*
 * Reports what a file is and whether anything keeps a preloaded library out of it; returns the
 * latter. path is where the file can be read, name is what it is called.
 */
bool program_unreachable(struct report *r, const char *path, const char *name,
			 const struct elf_facts *f, struct diagnosis *d);

#endif
