/* SPDX-License-Identifier: MIT */
/*
 * The instructions of a function, as a decoder finds them. That of x86-64 is a file of its own that is
 * loaded when it is needed: it alone needs Zydis, whose name differs from system to system.
 */
#ifndef REGWAIT_DECODE_H
#define REGWAIT_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Which instruction begins at each byte of a function. */
struct decoded {
	const unsigned char *bytes;
	uint64_t start; /* the address of the first */
	size_t size;
	uint8_t *length; /* of the instruction that begins here; 0: none does */
	uint8_t *kind;	 /* what follows, for each of these */
	bool sound;	 /* the instructions follow one another without a gap, and no jump
			    leads into one */
	bool jumps_indirectly;
};

/* Bits of kind. */
#define KIND_SYSCALL  1
#define KIND_BREAKS   2	 /* the next instruction need not be executed after it */
#define KIND_UNMOVED  4	 /* it does something else at another place */
#define KIND_RELATIVE 8	 /* it has an operand relative to its place, which can be changed */
#define KIND_TARGET   16 /* a jump of the function leads to it */

/* What an instruction does to rax, or x8, where the number of a call is: nothing, it sets it to *value, or something else. */
enum rax { RAX_KEPT, RAX_SET, RAX_UNKNOWN };

#define DECODER_FILE	"regwait-decoder.so"
#define DECODER_SYMBOL	"regwait_decoder"
#define DECODER_VERSION 1

struct decoder {
	unsigned version;
	/* bytes, start and size are given; length and kind hold zeroes, one for each byte. */
	void (*decode)(struct decoded *d);
	/* Where in an instruction of KIND_RELATIVE the displacement is. */
	unsigned (*displacement)(const struct decoded *d, size_t at);
	enum rax (*rax)(const struct decoded *d, size_t at, int *value);
	void (*text)(const struct decoded *d, size_t at, char *text, size_t size);
};

#endif
