/* SPDX-License-Identifier: MIT */
/*
 * What a program and its libraries together mean for the shim.
 */
#ifndef REGWAIT_CLOSURE_H
#define REGWAIT_CLOSURE_H

#include "common/report.h"
#include "diagnosis.h"
#include "elf.h"

#define CLOSURE_RUN_WORDS 6 /* of a command that is proposed, with the NULL at the end */

struct closure {
	struct elf_facts all;
	char liburing[PATH_MAX]; /* the file that is liburing, whatever its name */
	unsigned release;	 /* of that (release.h) */
	char timed_by[PATH_MAX]; /* the first file that imports a timed wait */
	char own_by[PATH_MAX];	 /* the first file that defines functions with liburing's names */
	char unversioned_by[PATH_MAX]; /* the first file that imports without liburing's version */
	/* System call instructions by which it may use io_uring, and those that can be patched. */
	size_t sites, sites_possible;
	char sites_by[PATH_MAX];		  /* the first file that has such */
	size_t liburing_sites, liburing_possible; /* the same of liburing */
};

/* Adds a file: path names it, facts were found in it. */
void closure_add(struct closure *c, const char *path, const struct elf_facts *facts);

/* Adds the file's system call instructions, if it has some for io_uring. Reads its code. */
void closure_add_sites(struct closure *c, const char *path, const struct elf_facts *facts);

/*
 * The name of a liburing that nothing is linked with and that some file names: it will load that, and
 * look its functions up. NULL: there is none.
 */
const char *closure_named(const struct closure *c);

void closure_report(const struct closure *c, struct report *r);

/*
 * Can the shim reach the program, and can it gain? run: the words of a command that would show it,
 * and NULL, CLOSURE_RUN_WORDS in all. script: the script that led to this program, its interpreter;
 * or NULL.
 */
void closure_diagnose(const struct closure *c, const char *path, const char *script,
		      const char *const *run, struct diagnosis *d);

#endif
