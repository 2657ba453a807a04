/* SPDX-License-Identifier: MIT */
/*
 * x86-64: makes trampolines, and finds out how to save the vector registers (site_entry.S).
 *
 * A trampoline leaves the flags alone: it looks at the number of the call by lea and jrcxz, and in
 * rcx, which a system call overwrites.
 *
 *	the run, without its system call instruction
 *	lea	-NUMBER(%rax), %ecx	for each call that concerns us
 *	jrcxz	1f
 *	jmp	site			any other call: its system call instruction is where it was
 * 1:	lea	behind(%rip), %rcx
 *	notrack jmp *entry(%rip)
 */
#include "base/arch/arch.h"

#if ARCH_HAS_SITES && defined(__x86_64__)

#include <cpuid.h>
#include <string.h>
#include <sys/syscall.h>

#include "base/arch/site_entry.h"
#include "contract/calls.h"

#define XSAVE_LEGACY 512
#define XSAVE_HEADER 64
/* x87, SSE, AVX, and the three parts of AVX-512: all that compiled code and libc use. */
#define XSAVE_PARTS 0xe7

#define LOOK_SIZE   8
#define JUMP_SIZE   5
#define REST_SIZE   (JUMP_SIZE + 7 + 7)

static const short calls[] = {
#define X(name) SYS_##name,
	REGWAIT_CALLS(X)
#undef X
};

#define NR_CALLS (sizeof(calls) / sizeof(calls[0]))
_Static_assert(NR_CALLS *LOOK_SIZE + REST_SIZE < 127, "a jump of 8 bits must reach its end");

/* used: the assembly refers to these, which the compiler cannot see. */
__attribute__((used)) uint8_t site_vectors_by;
__attribute__((used)) uint32_t site_vectors_mask;
__attribute__((used)) uint64_t site_vectors_size = XSAVE_LEGACY;

static uint32_t parts_in_force(void)
{
	uint32_t low, high;

	__asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
	return low & XSAVE_PARTS;
}

/* How long the saved state is: with its parts side by side, or where the processor has them. */
static uint64_t size_of_parts(uint32_t parts, bool compact)
{
	uint64_t size = XSAVE_LEGACY + XSAVE_HEADER;
	unsigned part, length, offset, flags, unused;

	for (part = 2; part < 32; part++) {
		if (!(parts >> part & 1))
			continue;
		__cpuid_count(0xd, part, length, offset, flags, unused);
		if (!compact)
			size = offset + length > size ? offset + length : size;
		else
			size = (flags & 2 ? (size + 63) & ~63UL : size) + length;
	}
	return size;
}

bool site_start(void)
{
	unsigned a, b, c, d;

	/* sahf, which the first processors lacked. */
	if (!__get_cpuid(0x80000001, &a, &b, &c, &d) || !(c & bit_LAHF_LM))
		return false;
	if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_OSXSAVE))
		return true;
	site_vectors_mask = parts_in_force();
	site_vectors_by = SITE_BY_XSAVE;
	if (__get_cpuid_count(0xd, 1, &a, &b, &c, &d) && a & bit_XSAVEC)
		site_vectors_by = SITE_BY_XSAVEC;
	site_vectors_size = size_of_parts(site_vectors_mask, site_vectors_by == SITE_BY_XSAVEC);
	return true;
}

size_t site_trampoline_size(void)
{
	return PLAN_RUN_MAX + NR_CALLS * LOOK_SIZE + REST_SIZE;
}

static void put(unsigned char **at, const void *bytes, size_t size)
{
	memcpy(*at, bytes, size);
	*at += size;
}

/* A displacement of 32 bits to an address, which is counted from behind it. */
static bool put_distance(unsigned char **at, uintptr_t to)
{
	intptr_t distance = to - ((uintptr_t)*at + 4);
	int32_t d = distance;

	put(at, &d, sizeof(d));
	return d == distance;
}

/* The run elsewhere: what is relative to the place of an instruction changes. */
static bool put_run(unsigned char **at, const struct plan_site *s, uintptr_t run)
{
	intptr_t moved = run - (uintptr_t)*at;
	unsigned char *copy = *at;
	unsigned i;

	put(at, s->run, s->size - SITE_CALL_SIZE);
	for (i = 0; i < s->nr_relative; i++) {
		intptr_t distance;
		int32_t d;

		memcpy(&d, copy + s->relative[i], sizeof(d));
		distance = d + moved;
		d = distance;
		if (d != distance)
			return false;
		memcpy(copy + s->relative[i], &d, sizeof(d));
	}
	return true;
}

static void put_look(unsigned char **at, int nr, unsigned char forward)
{
	int32_t less = -nr;

	put(at, "\x8d\x88", 2); /* lea less(%rax), %ecx */
	put(at, &less, sizeof(less));
	put(at, (unsigned char[]){ 0xe3, forward }, 2); /* jrcxz */
}

bool site_trampoline(unsigned char **at, const struct plan_site *s, uintptr_t run, uintptr_t entry)
{
	uintptr_t behind = run + s->size;
	unsigned i, nr = 0;
	bool reaches;

	reaches = put_run(at, s, run);
	for (i = 0; i < NR_CALLS; i++)
		nr += s->call == PLAN_ANY_CALL || s->call == calls[i];
	for (i = 0; i < NR_CALLS; i++)
		if (s->call == PLAN_ANY_CALL || s->call == calls[i])
			put_look(at, calls[i], --nr * LOOK_SIZE + JUMP_SIZE);
	put(at, "\xe9", 1);
	reaches &= put_distance(at, behind - SITE_CALL_SIZE);
	put(at, "\x48\x8d\x0d", 3);
	reaches &= put_distance(at, behind);
	put(at, "\x3e\xff\x25", 3);
	reaches &= put_distance(at, entry);
	return reaches;
}

/* This processor sees it by itself. */
void site_written(const void *at, size_t size)
{
	(void)at, (void)size;
}

int site_rights(const void *notes, size_t size)
{
	(void)notes, (void)size;
	return 0;
}

bool site_jump(unsigned char *bytes, const struct plan_site *s, uintptr_t run, uintptr_t trampoline)
{
	intptr_t distance = trampoline - (run + PLAN_JUMP_SIZE);
	int32_t d = distance;

	memset(bytes, 0xcc, s->first); /* int3: nobody jumps there */
	bytes[0] = 0xe9;
	memcpy(bytes + 1, &d, sizeof(d));
	return d == distance;
}

#endif
