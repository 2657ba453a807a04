/* SPDX-License-Identifier: MIT */
/*
 * The version as an ELF note in the file: for the command, which preloads only a library of its own
 * version, and for readelf -n.
 */
#include <elf.h>

#include "contract/version.h"

static const struct {
	Elf32_Nhdr head; /* the same in 32-bit and 64-bit files */
	char owner[sizeof(REGWAIT_NOTE_OWNER)];
	char version[(sizeof(REGWAIT_VERSION) + 3) & ~3];
} note __attribute__((section(".note.regwait"), used, aligned(4))) = {
	.head = { sizeof(note.owner), sizeof(REGWAIT_VERSION), REGWAIT_NOTE_VERSION },
	.owner = REGWAIT_NOTE_OWNER,
	.version = REGWAIT_VERSION,
};

_Static_assert(sizeof(note.owner) % 4 == 0, "what follows a note's owner is aligned");
