/* SPDX-License-Identifier: MIT */
/*
 * Looks into a file that can be executed or loaded.
 */
#ifndef REGWAIT_ELF_H
#define REGWAIT_ELF_H

#include <limits.h>
#include <stdbool.h>

struct elf_facts {
	bool is_elf;
	bool is_script;
	/* Of a script: its first word, or what env(1) finds; of ELF: the loader, "" if static. */
	char interpreter[256];
	bool foreign;		/* another machine or word size than ours */
	bool musl;		/* its loader is musl's */
	bool dynamic;		/* has a loader, or is a library */
	/* What it imports, by name. */
	bool imports_timed;	/* a timed wait of liburing */
	bool imports_waits;	/* another waiting or submitting function of liburing */
	bool imports_rings;	/* any function of liburing */
	bool imports_enter;	/* io_uring_enter or io_uring_enter2 */
	bool imports_syscall;	/* libc's syscall() */
	bool imports_dlsym;
	/* What it holds itself. */
	bool defines_liburing;	/* liburing's functions, so linked in statically */
	bool hints_at_enter;	/* the number of io_uring_enter close before a syscall instruction */
	bool hints_at_libc_enter;	/* the same as the first argument of a call */
};

/* 0, or -errno if the file cannot be read. */
int elf_look(const char *path, struct elf_facts *facts);

/*
 * Calls f for each library that the loader would load with a program of ours
 * (dynamic, not foreign, glibc): asks the loader itself, which runs nothing of it.
 * Returns how many there were, -errno.
 */
int elf_each_library(const char *path, const struct elf_facts *facts,
		     void (*f)(const char *library, void *arg), void *arg);

#endif
