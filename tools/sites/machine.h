/* SPDX-License-Identifier: MIT */
/*
 * What differs between the machines whose files can be analysed, whatever machine this is.
 */
#ifndef REGWAIT_SITES_MACHINE_H
#define REGWAIT_SITES_MACHINE_H

#include <stddef.h>
#include <stdint.h>

#include "decode.h"

/* A call that concerns us, by its number there. */
struct machine_call {
	int nr;
	const char *name;
};

struct machine {
	uint16_t elf; /* EM_... */
	const char *name;
	const char *loader;	  /* its file's name */
	const char *site;	  /* the bytes of the system call instruction */
	uint8_t site_size, align; /* how many, and where instructions begin */
	uint8_t jump_size;	  /* of the jump to a trampoline */
	const struct machine_call *calls;
	size_t nr_calls;
	/* NULL: there is none here, and decoder_reason() says why. */
	const struct decoder *(*decoder)(void);
};

/* NULL: nothing is known of it. */
const struct machine *machine_of(uint16_t elf);

/* The one that this is; NULL: sites of its programs cannot be patched. */
const struct machine *machine_here(void);

/* The name of a call that concerns us; NULL for another number. */
const char *call_name(const struct machine *m, int nr);

#endif
