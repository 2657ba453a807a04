/* SPDX-License-Identifier: MIT */
/*
 * aarch64: makes trampolines (site_entry.S).
 *
 * A system call preserves every register but x0, and a jump to an address far away needs one. So a
 * trampoline keeps two on the stack, and is returned to. Below the stack pointer nothing is anybody's.
 *
 *	stp	x16, x30, [sp, #-16]!
 *	sub	w16, w8, #NUMBER	for each call that concerns us
 *	cbz	w16, 1f
 *	ldp	x16, x30, [sp], #16
 *	svc	#0			any other call
 *	b	behind
 * 1:	ldr	x16, entry
 *	blr	x16
 *	ldp	x16, x30, [sp], #16
 *	b	behind
 *	.quad	behind			for who looks where we were called from
 * entry:
 *	.quad	site_entry
 */
#include "base/arch/arch.h"

#if ARCH_HAS_SITES && defined(__aarch64__)

#include <elf.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "base/arch/site_entry.h"
#include "contract/calls.h"

#ifndef HWCAP2_BTI
#define HWCAP2_BTI (1 << 17)
#endif
#ifndef PROT_BTI
#define PROT_BTI 0x10
#endif
/* Of the property that says what can be done with all code of a file. */
#define FEATURE_1     0xc0000000
#define FEATURE_1_BTI 1

#define PUSH	      0xa9bf7bf0 /* stp x16, x30, [sp, #-16]! */
#define POP	      0xa8c17bf0 /* ldp x16, x30, [sp], #16 */
#define SVC	      0xd4000001
#define SUB_8	      0x51000110 /* sub w16, w8, #0 */
#define CBZ_16	      0x34000010 /* cbz w16, here */
#define LDR_16	      0x58000010 /* ldr x16, here */
#define BLR_16	      0xd63f0200
#define B	      0x14000000
#define IMM_19	      0x7ffff
#define IMM_26	      0x3ffffff
#define NR_FIXED      8 /* words that are not for one call each */

static const short calls[] = {
#define X(name) SYS_##name,
	REGWAIT_CALLS(X)
#undef X
};

#define NR_CALLS (sizeof(calls) / sizeof(calls[0]))
_Static_assert(SYS_io_uring_register < 4096 && SYS_close_range < 4096, "sub takes 12 bits");

bool site_start(void)
{
	return true;
}

size_t site_trampoline_size(void)
{
	return (NR_FIXED + 2 * NR_CALLS) * 4 + 16;
}

static void put(unsigned char **at, uint32_t word)
{
	memcpy(*at, &word, sizeof(word));
	*at += sizeof(word);
}

static void put_address(unsigned char **at, uint64_t address)
{
	memcpy(*at, &address, sizeof(address));
	*at += sizeof(address);
}

/* A jump from one address to another. False: it is too far. */
static bool jump(uint32_t *word, uintptr_t from, uintptr_t to)
{
	intptr_t distance = (intptr_t)(to - from) >> 2;

	*word = B | (distance & IMM_26);
	return distance >= -(IMM_26 >> 1) - 1 && distance <= IMM_26 >> 1;
}

static bool put_jump(unsigned char **at, uintptr_t to)
{
	uint32_t word;
	bool reaches = jump(&word, (uintptr_t)*at, to);

	put(at, word);
	return reaches;
}

static bool concerns(const struct plan_site *s, int nr)
{
	return s->call == PLAN_ANY_CALL || s->call == nr;
}

bool site_trampoline(unsigned char **at, const struct plan_site *s, uintptr_t run, uintptr_t entry)
{
	const uintptr_t behind = run + s->size;
	unsigned i, nr = 0;
	bool reaches;

	for (i = 0; i < NR_CALLS; i++)
		nr += concerns(s, calls[i]);
	put(at, PUSH);
	for (i = 0; i < NR_CALLS; i++) {
		if (!concerns(s, calls[i]))
			continue;
		put(at, SUB_8 | calls[i] << 10);
		put(at, CBZ_16 | (--nr * 2 + 4) << 5);
	}
	put(at, POP);
	put(at, SVC);
	reaches = put_jump(at, behind);
	put(at, LDR_16 | 6 << 5);
	put(at, BLR_16);
	put(at, POP);
	reaches &= put_jump(at, behind);
	put_address(at, behind);
	put_address(at, *(const uintptr_t *)entry);
	return reaches;
}

bool site_jump(unsigned char *bytes, const struct plan_site *s, uintptr_t run, uintptr_t trampoline)
{
	uint32_t word;
	bool reaches = jump(&word, run, trampoline);

	memcpy(bytes, &word, s->first);
	return reaches;
}

/*
 * Not the compiler's function for it, which has no landing pad in libraries of some systems: for its
 * sake ours would not be guarded.
 */
void site_written(const void *start, size_t size)
{
	uintptr_t from = (uintptr_t)start, end = from + size, at, line;
	uint64_t type;

	__asm__ volatile("mrs	%0, ctr_el0" : "=r"(type));
	line = (uintptr_t)4 << (type >> 16 & 15);
	for (at = from & -line; at < end; at += line)
		__asm__ volatile("dc	cvau, %0" : : "r"(at) : "memory");
	__asm__ volatile("dsb	ish" : : : "memory");
	line = (uintptr_t)4 << (type & 15);
	for (at = from & -line; at < end; at += line)
		__asm__ volatile("ic	ivau, %0" : : "r"(at) : "memory");
	__asm__ volatile("dsb	ish\n\tisb" : : : "memory");
}

/* A name, and then properties: each a kind, how long it is, and that, padded to 8 bytes. */
int site_rights(const void *notes, size_t size)
{
	const char *at = notes;
	Elf64_Nhdr note;
	uint32_t property[3];

	if (!(getauxval(AT_HWCAP2) & HWCAP2_BTI) || size < sizeof(note) + 4)
		return 0;
	memcpy(&note, at, sizeof(note));
	if (note.n_type != NT_GNU_PROPERTY_TYPE_0 || note.n_namesz != 4)
		return 0;
	at += sizeof(note) + 4;
	size -= sizeof(note) + 4;
	size = note.n_descsz < size ? note.n_descsz : size;
	while (size >= sizeof(property)) {
		size_t all;

		memcpy(property, at, sizeof(property));
		all = 8 + (((size_t)property[1] + 7) & ~(size_t)7);
		if (property[0] == FEATURE_1 && property[1] >= 4)
			return property[2] & FEATURE_1_BTI ? PROT_BTI : 0;
		if (all > size)
			break;
		at += all;
		size -= all;
	}
	return 0;
}

#endif
