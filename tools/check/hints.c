/* SPDX-License-Identifier: MIT */
/*
 * The instructions by which programs load io_uring_enter's number, 426, and then call: either the
 * kernel, or libc's syscall() with the number for its first argument.
 */
#include <elf.h>
#include <stdint.h>
#include <string.h>

#include "hints.h"

#define NEAR 64 /* bytes from the number to the call */

/* x86-64: mov $426 into a register, and a call of that kind. */
static bool x86_64_calls(const unsigned char *code, size_t size, unsigned char mov,
			 const unsigned char *call, size_t call_size)
{
	const unsigned char number[] = { mov, 0xaa, 0x01, 0x00, 0x00 };
	const unsigned char *at = code, *end = code + size;

	while ((at = memmem(at, end - at, number, sizeof(number)))) {
		size_t left = end - at;

		if (memmem(at, left < NEAR ? left : NEAR, call, call_size))
			return true;
		at++;
	}
	return false;
}

static void look_at_x86_64(const unsigned char *code, size_t size, struct hints *h)
{
	static const unsigned char syscall[] = { 0x0f, 0x05 }, call[] = { 0xe8 },
				   call_got[] = { 0xff, 0x15 };

	h->has_number |= !!memmem(code, size, "\xaa\x01\x00\x00", 4);
	/* Into eax: for the kernel. Into edi: the first argument of libc's function. */
	h->at_enter |= x86_64_calls(code, size, 0xb8, syscall, sizeof(syscall));
	h->at_libc_enter |= x86_64_calls(code, size, 0xbf, call, sizeof(call)) ||
			    x86_64_calls(code, size, 0xbf, call_got, sizeof(call_got));
}

/* Instructions of arm64 are words of four bytes, at addresses that are multiples of four. */
static uint32_t word_at(const unsigned char *code)
{
	uint32_t word;

	memcpy(&word, code, sizeof(word));
	return word;
}

/* arm64: movz of 426 into w8 or x8 before svc #0, or into w0 or x0 before bl or blr. */
static void look_at_aarch64(const unsigned char *code, size_t size, struct hints *h)
{
	const uint32_t any_width = ~(1U << 31), number = 0x52800000 | 426 << 5;
	unsigned since_8 = NEAR, since_0 = NEAR;
	size_t i;

	for (i = 0; i + 4 <= size; i += 4) {
		uint32_t word = word_at(code + i);

		since_8 = (word & any_width) == (number | 8) ? 0 : since_8 + 4;
		since_0 = (word & any_width) == number ? 0 : since_0 + 4;
		h->has_number |= (word & any_width & ~31U) == number;
		h->at_enter |= word == 0xd4000001 && since_8 < NEAR;
		h->at_libc_enter |= since_0 < NEAR &&
				    (word >> 26 == 0x25 || (word & 0xfffffc1f) == 0xd63f0000);
	}
}

void hints_look(unsigned machine, const unsigned char *code, size_t size, struct hints *h)
{
	if (machine == EM_X86_64)
		look_at_x86_64(code, size, h);
	else if (machine == EM_AARCH64)
		look_at_aarch64(code, size, h);
}
