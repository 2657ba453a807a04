/* SPDX-License-Identifier: MIT */
/*
 * x86-64: what keeps.c sets before a call and compares behind it.
 */
#ifndef SITES_KEEPS_X86_64_H
#define SITES_KEEPS_X86_64_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "site_x86_64.h"

#define FLAG_ALWAYS 0x202 /* interrupts are on */
#define FLAG_DF	    0x400

static const uint64_t arithmetic[] = { 0x1, 0x4, 0x10, 0x40, 0x80, 0x800 };
static const char *const names[REGS] = { "rax", "rcx", "rdx", "rbx", "rsp",  "rbp",
					 "rsi", "rdi", "r8",  "r9",  "r10",  "r11",
					 "r12", "r13", "r14", "r15", "flags" };

static uint8_t red_zone[RED_ZONE];

/* Each part of the vector state: where it lies, and how long it is. */
static void part_at(unsigned part, unsigned *offset, unsigned *size)
{
	unsigned c, d;

	if (part < 2) { /* registers of x87, then of SSE */
		*offset = part ? 160 : 32;
		*size = part ? 256 : 128;
		return;
	}
	__cpuid_count(0xd, part, *size, *offset, c, d);
}

static void prepare_vectors(void)
{
	unsigned low, high, part, offset, size, i;

	__asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
	site_parts = low & 0xe7;
	memset(site_vectors_in, 0, sizeof(site_vectors_in));
	memcpy(site_vectors_in, &(uint16_t){ 0x037f }, 2);	/* x87: as at the start */
	memcpy(site_vectors_in + 24, &(uint32_t){ 0x3f80 }, 4); /* mxcsr: rounds down */
	site_vectors_in[4] = 0xff; /* all of x87's registers are in use */
	memcpy(site_vectors_in + 512, &site_parts, 8);
	for (part = 0; part < 8; part++) {
		if (!(site_parts >> part & 1))
			continue;
		part_at(part, &offset, &size);
		for (i = 0; i < size; i++)
			/* The upper six bytes of x87's registers are none. */
			site_vectors_in[offset + i] = part || i % 16 < 10 ? random() : 0;
	}
}

static int compare_vectors(const char *what)
{
	unsigned part, offset, size;
	int differences = 0;

	for (part = 0; part < 8; part++) {
		if (!(site_parts >> part & 1))
			continue;
		part_at(part, &offset, &size);
		if (!memcmp(site_vectors_in + offset, site_vectors_out + offset, size))
			continue;
		printf("%s: part %u of the vector registers differs\n", what, part);
		differences++;
	}
	if (memcmp(site_vectors_in + 24, site_vectors_out + 24, 4)) {
		printf("%s: mxcsr differs\n", what);
		differences++;
	}
	return differences;
}

static uint64_t flags_of_turn(unsigned turn)
{
	uint64_t flags = FLAG_ALWAYS;
	unsigned i;

	for (i = 0; i < sizeof(arithmetic) / sizeof(arithmetic[0]); i++)
		if (turn >> i & 1)
			flags |= arithmetic[i];
	return turn >> i & 1 ? flags | FLAG_DF : flags;
}

static int compare_registers(const char *what, unsigned turn)
{
	int differences = 0;
	unsigned i;

	for (i = RCX; i < REGS; i++) {
		uint64_t want = i == RCX ? (uintptr_t)site_behind :
				i == R11 ? site_in[FLAGS] :
					   site_in[i];
		/* A tracer's trap flag may show. */
		uint64_t mask = i == R11 || i == FLAGS ? ~(uint64_t)0x100 : ~(uint64_t)0;

		if (!((site_out[i] ^ want) & mask))
			continue;
		printf("%s: %s is %#lx, not %#lx (turn %u)\n", what, names[i],
		       (unsigned long)site_out[i], (unsigned long)want, turn);
		differences++;
	}
	return differences;
}

/* Each call with other flags, and at another alignment of the stack. */
static void set_registers(uint8_t *top, unsigned turn, const long *c)
{
	unsigned i;

	for (i = 0; i < REGS; i++)
		site_in[i] = (uint64_t)random() << 33 ^ random();
	site_in[RAX] = c[0], site_in[RDI] = c[1], site_in[RSI] = c[2], site_in[RDX] = c[3];
	site_in[R10] = c[4], site_in[R8] = c[5], site_in[R9] = c[6];
	top += turn % 16;
	site_in[RSP] = (uintptr_t)top;
	site_in[FLAGS] = flags_of_turn(turn);
	for (i = 0; i < RED_ZONE; i++)
		top[-1 - (int)i] = red_zone[i] = random();
}

static int compare_stack(const char *what)
{
	const uint8_t *top = (const uint8_t *)site_in[RSP];
	unsigned i;

	for (i = 0; i < RED_ZONE; i++)
		if (top[-1 - (int)i] != red_zone[i])
			break;
	if (i == RED_ZONE)
		return 0;
	printf("%s: the red zone was written to, %u bytes down\n", what, i + 1);
	return 1;
}

static int compare_all(const char *what, unsigned turn)
{
	return compare_registers(what, turn) + compare_vectors(what) + compare_stack(what);
}

static long site_result(void)
{
	return site_out[RAX];
}

#endif
