/* SPDX-License-Identifier: MIT */
/*
 * The decoder of aarch64's instructions. Each has 4 bytes, and the one that matters is known by all
 * of its bits, so there is little to decode: where jumps lead, and what is no instruction.
 *
 * What may pass for one is data between instructions. Compilers put their constants elsewhere, and
 * tell by symbols where they do not (mapping.h); of a file without symbols, we see who reads them:
 * nothing is taken to be known of a function that loads from itself, or computes an address within
 * itself without jumping there.
 */
#include <stdio.h>

#include "a64.h"

#define SIZE 4
#define SVC  0xd4000001

/* The register with the number of a call. */
#define NUMBER 8

static uint32_t word_at(const struct decoded *d, size_t at)
{
	const unsigned char *b = d->bytes + at;

	return b[0] | b[1] << 8 | b[2] << 16 | (uint32_t)b[3] << 24;
}

/* The bits from low on, as a number with a sign, in bytes. */
static int64_t distance(uint32_t word, unsigned low, unsigned bits)
{
	return ((int64_t)((uint64_t)word << (64 - low - bits)) >> (64 - bits)) * 4;
}

/* Groups of encodings without a meaning, UDF among them. Those of SME begin with a one. */
static bool is_instruction(uint32_t word)
{
	unsigned group = word >> 25 & 15;

	return group != 1 && group != 3 && (group || word >> 31);
}

static bool jumps_by_register(uint32_t word)
{
	return (word & 0xfe000000) == 0xd6000000;
}

/* br, braa and the like; not blr, ret and eret. */
static bool jumps_indirectly(uint32_t word)
{
	return jumps_by_register(word) && !(word >> 21 & 7);
}

/* Does it jump, on a condition or not, or call, to an address that it holds? */
static bool jumps_directly(uint32_t word, int64_t *to)
{
	if ((word & 0x7c000000) == 0x14000000) /* b, bl */
		*to = distance(word, 0, 26);
	else if ((word & 0xff000000) == 0x54000000 || /* b.cond, bc.cond */
		 (word & 0x7e000000) == 0x34000000)   /* cbz, cbnz */
		*to = distance(word, 5, 19);
	else if ((word & 0x7e000000) == 0x36000000) /* tbz, tbnz */
		*to = distance(word, 5, 14);
	else if ((word & 0x7e000000) == 0x74000000) /* cb */
		*to = distance(word, 5, 9);
	else
		return false;
	return true;
}

static bool breaks(uint32_t word)
{
	int64_t to;

	/* The last: svc, brk and the like. */
	return jumps_by_register(word) || jumps_directly(word, &to) ||
	       (word & 0xff000000) == 0xd4000000;
}

/* Loads what lies at a distance from it. */
static bool loads_literal(uint32_t word, int64_t *from)
{
	*from = distance(word, 5, 19);
	return (word & 0x3b000000) == 0x18000000;
}

/* adr. */
static bool takes_address(uint32_t word, int64_t *of)
{
	*of = distance(word, 5, 19) | (word >> 29 & 3);
	return (word & 0x9f000000) == 0x10000000;
}

static bool is_within(const struct decoded *d, size_t at, int64_t distance)
{
	return at + (uint64_t)distance < d->size;
}

static uint8_t kind_of(uint32_t word)
{
	return (word == SVC ? KIND_SYSCALL : 0) | (breaks(word) ? KIND_BREAKS : 0);
}

/* False: there is data in the function, or may be. */
static bool decode_all(struct decoded *d)
{
	bool addresses = false;
	size_t at;

	if (d->start % SIZE || d->size % SIZE)
		return false;
	for (at = 0; at < d->size; at += SIZE) {
		uint32_t word = word_at(d, at);
		int64_t to;

		if (!is_instruction(word) || (loads_literal(word, &to) && is_within(d, at, to)))
			return false;
		addresses |= takes_address(word, &to) && is_within(d, at, to);
		d->length[at] = SIZE;
		d->kind[at] |= kind_of(word);
		d->jumps_indirectly |= jumps_indirectly(word);
		if (jumps_directly(word, &to) && is_within(d, at, to))
			d->kind[at + to] |= KIND_TARGET;
	}
	return d->jumps_indirectly || !addresses;
}

static void decode(struct decoded *d)
{
	d->sound = decode_all(d);
}

/* None is relative that is copied. */
static unsigned displacement(const struct decoded *d, size_t at)
{
	(void)d, (void)at;
	return 0;
}

/*
 * movz sets the register. Whatever else names it in any place where instructions name registers, may
 * change it; so may ld64b, which loads eight.
 */
static enum rax number(const struct decoded *d, size_t at, int *value)
{
	uint32_t word = word_at(d, at);

	if ((word & 0x7fe0001f) == (0x52800000 | NUMBER)) {
		*value = word >> 5 & 0xffff;
		return RAX_SET;
	}
	if ((word & 31) == NUMBER || (word >> 5 & 31) == NUMBER || (word >> 10 & 31) == NUMBER ||
	    (word >> 16 & 31) == NUMBER || (word & 0xfffffc00) == 0xf83fd000)
		return RAX_UNKNOWN;
	return RAX_KEPT;
}

static void text_of(const struct decoded *d, size_t at, char *text, size_t size)
{
	uint32_t word = word_at(d, at);

	snprintf(text, size, word == SVC ? "svc #0" : ".inst 0x%08x", word);
}

const struct decoder *a64_decoder(void)
{
	static const struct decoder d = {
		.version = DECODER_VERSION,
		.decode = decode,
		.displacement = displacement,
		.rax = number,
		.text = text_of,
	};

	return &d;
}
