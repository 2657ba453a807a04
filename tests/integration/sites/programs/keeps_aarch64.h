/* SPDX-License-Identifier: MIT */
/*
 * aarch64: what keeps.c sets before a call and compares behind it.
 */
#ifndef SITES_KEEPS_AARCH64_H
#define SITES_KEEPS_AARCH64_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "site_aarch64.h"

static void prepare_vectors(void)
{
	unsigned i;

	for (i = 0; i < sizeof(site_vectors_in); i++)
		site_vectors_in[i] = random();
}

/* Each call with other flags, and other ways to round. Accesses by the stack pointer want it aligned. */
static void set_registers(uint8_t *top, unsigned turn, const long *c)
{
	unsigned i;

	for (i = 0; i < REGS; i++)
		site_in[i] = (uint64_t)random() << 33 ^ random();
	for (i = 0; i < 6; i++)
		site_in[X0 + i] = c[1 + i];
	site_in[X8] = c[0];
	site_in[SP] = (uintptr_t)top + turn % 16 * 16;
	site_in[NZCV] = (uint64_t)(turn & 15) << 28;
	site_in[FPSR] = (turn >> 4 & 31) | (turn >> 2 & 1) << 27;
	site_in[FPCR] = (turn >> 4 & 3) << 22;
}

static const char *name_of(unsigned i)
{
	static const char *const others[] = { "sp", "nzcv", "fpsr", "fpcr" };
	static char name[8];

	if (i >= SP)
		return others[i - SP];
	snprintf(name, sizeof(name), "x%u", i);
	return name;
}

static int compare_all(const char *what, unsigned turn)
{
	int differences = 0;
	unsigned i;

	for (i = X0 + 1; i < REGS; i++) {
		if (site_out[i] == site_in[i])
			continue;
		printf("%s: %s is %#lx, not %#lx (turn %u)\n", what, name_of(i),
		       (unsigned long)site_out[i], (unsigned long)site_in[i], turn);
		differences++;
	}
	for (i = 0; i < sizeof(site_vectors_in); i += 16) {
		if (!memcmp(site_vectors_in + i, site_vectors_out + i, 16))
			continue;
		printf("%s: q%u differs\n", what, i / 16);
		differences++;
	}
	return differences;
}

static long site_result(void)
{
	return site_out[X0];
}

#endif
