/* SPDX-License-Identifier: MIT */
/*
 * Does code seem to enter io_uring by itself? There is no disassembler: a search for instructions
 * that load the system call's number shortly before a call. It gives only a hint.
 */
#ifndef REGWAIT_HINTS_H
#define REGWAIT_HINTS_H

#include <stddef.h>

#include "elf.h"

/* Adds to the hints of the facts. machine: as in the ELF header. */
void hints_look(unsigned machine, const unsigned char *code, size_t size, struct elf_facts *f);

#endif
