/* SPDX-License-Identifier: MIT */
/*
 * Looks into a file that can be executed or loaded, by its segments and its dynamic section, as the
 * kernel and the loader do. Section headers are for the linker, and a file may have none.
 */
#ifndef REGWAIT_ELF_H
#define REGWAIT_ELF_H

#include <limits.h>
#include <stdbool.h>

#include "hints.h"

struct elf_facts {
	bool is_elf;		    /* all that follows is of an ELF file */
	bool foreign;		    /* another machine or word size than ours */
	bool dynamic;		    /* has a dynamic section */
	bool library;		    /* a shared library, not a program */
	char interpreter[PATH_MAX]; /* its loader, "" if it has none */
	bool musl;		    /* that is musl's */
	char soname[256];
	char needs_asan[256]; /* a runtime of AddressSanitizer that it is linked with, or "" */
	/*
	 * What it imports of liburing under one of liburing's versions, so that the dynamic
	 * linker gives it what the shim exports.
	 */
	bool imports_timed; /* a timed wait */
	bool imports_waits; /* another waiting or submitting function */
	bool imports_rings; /* any function */
	bool imports_enter; /* io_uring_enter or io_uring_enter2 */
	/* Without liburing's version: the shim is never asked. */
	bool imports_unversioned;
	bool imports_syscall; /* libc's syscall() */
	bool imports_dlsym;
	/* What it holds itself. */
	bool is_liburing;      /* defines liburing's versions */
	unsigned release;      /* of a liburing (release.h) */
	bool defines_liburing; /* liburing's functions, so linked in statically */
	bool defines_wrappers; /* functions of its own by the names of liburing's system calls */
	/* A name of liburing's file, by which it may load it and look its functions up, or "". */
	char names_liburing[32];
	struct hints hints;
};

/*
 * 0, or -errno if the file cannot be read. -ENOEXEC: it is not one that can be executed or loaded.
 */
int elf_look(const char *path, struct elf_facts *facts);

/*
 * Is musl's loader the interpreter of this file? Reads no more than is needed, however large the
 * file.
 */
bool elf_is_musl(const char *path);

#endif
