/* SPDX-License-Identifier: MIT */
/*
 * Does code seem to enter io_uring by itself? There is no disassembler: a search for instructions
 * that load the system call's number shortly before a call. It gives only a hint.
 */
#ifndef REGWAIT_HINTS_H
#define REGWAIT_HINTS_H

#include <stdbool.h>
#include <stddef.h>

struct hints {
	bool has_number;    /* io_uring_enter's number is somewhere in it */
	bool at_enter;	    /* loads io_uring_enter's number shortly before a system call */
	bool at_libc_enter; /* ...or as the first argument of a call */
};

/* Adds what this code hints at. machine: as in the ELF header. */
void hints_look(unsigned machine, const unsigned char *code, size_t size, struct hints *h);

#endif
