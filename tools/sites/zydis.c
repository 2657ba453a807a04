/* SPDX-License-Identifier: MIT */
/*
 * The decoder, with Zydis.
 *
 * A function is decoded from its first instruction to its end, one instruction behind the other, as
 * compilers write them. Tables of data between them would put this out of step: so every jump within
 * the function must lead to an instruction that was found. If one does not, or if bytes are no
 * instruction, nothing in the function is taken to be known.
 */
#include <Zydis/Zydis.h>
#include <string.h>

#include "decode.h"

static const ZydisDecoder *zydis(void)
{
	static ZydisDecoder d;
	static bool begun;

	if (!begun)
		ZydisDecoderInit(&d, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
	begun = true;
	return &d;
}

static bool read_one(const struct decoded *d, size_t at, ZydisDecodedInstruction *i)
{
	return ZYAN_SUCCESS(
		ZydisDecoderDecodeInstruction(zydis(), NULL, d->bytes + at, d->size - at, i));
}

/* An operand in memory at a distance from the next instruction. */
static bool is_relative(const ZydisDecodedInstruction *i)
{
	return i->attributes & ZYDIS_ATTRIB_HAS_MODRM && !i->raw.modrm.mod && i->raw.modrm.rm == 5;
}

static bool breaks(const ZydisDecodedInstruction *i)
{
	switch (i->meta.category) {
	case ZYDIS_CATEGORY_CALL:
	case ZYDIS_CATEGORY_COND_BR:
	case ZYDIS_CATEGORY_UNCOND_BR:
	case ZYDIS_CATEGORY_RET:
	case ZYDIS_CATEGORY_INTERRUPT:
	case ZYDIS_CATEGORY_SYSCALL:
	case ZYDIS_CATEGORY_SYSRET:
	case ZYDIS_CATEGORY_SYSTEM:
		return true;
	default:
		return i->meta.branch_type != ZYDIS_BRANCH_TYPE_NONE ||
		       i->mnemonic == ZYDIS_MNEMONIC_HLT || i->mnemonic == ZYDIS_MNEMONIC_UD0 ||
		       i->mnemonic == ZYDIS_MNEMONIC_UD1 || i->mnemonic == ZYDIS_MNEMONIC_UD2;
	}
}

/* Instructions whose place matters in other ways: transactions, and addresses of 32 bits. */
static bool is_bound_to_place(const ZydisDecodedInstruction *i)
{
	return i->mnemonic == ZYDIS_MNEMONIC_XBEGIN || i->mnemonic == ZYDIS_MNEMONIC_XABORT ||
	       i->mnemonic == ZYDIS_MNEMONIC_XEND ||
	       (is_relative(i) && (i->address_width != 64 || i->raw.disp.size != 32));
}

static uint8_t kind_of(const ZydisDecodedInstruction *i)
{
	uint8_t kind = 0;

	if (i->mnemonic == ZYDIS_MNEMONIC_SYSCALL && i->length == 2)
		kind |= KIND_SYSCALL;
	if (breaks(i))
		kind |= KIND_BREAKS;
	if (is_bound_to_place(i))
		kind |= KIND_UNMOVED;
	if (is_relative(i))
		kind |= KIND_RELATIVE;
	return kind;
}

/* Does it jump to an address that it does not hold itself? */
static bool jumps_indirectly(const ZydisDecodedInstruction *i)
{
	return i->meta.category == ZYDIS_CATEGORY_UNCOND_BR && !i->raw.imm[0].is_relative;
}

/* Where a jump or a call leads that holds its target; relative to the function. */
static bool target_of(const ZydisDecodedInstruction *i, size_t at, uint64_t *to)
{
	if (!breaks(i) || !i->raw.imm[0].is_relative)
		return false;
	*to = at + i->length + (uint64_t)i->raw.imm[0].value.s;
	return true;
}

static bool decode_all(struct decoded *d)
{
	ZydisDecodedInstruction i;
	size_t at;

	for (at = 0; at < d->size; at += i.length) {
		if (!read_one(d, at, &i))
			return false;
		d->length[at] = i.length;
		d->kind[at] = kind_of(&i);
		d->jumps_indirectly |= jumps_indirectly(&i);
	}
	return true;
}

/* The second walk, when it is known where instructions begin. */
static bool follow_jumps(struct decoded *d)
{
	ZydisDecodedInstruction i;
	uint64_t to;
	size_t at;

	for (at = 0; at < d->size; at += d->length[at]) {
		if (!(d->kind[at] & KIND_BREAKS) || !read_one(d, at, &i) ||
		    !target_of(&i, at, &to) || to >= d->size)
			continue;
		if (!d->length[to])
			return false;
		d->kind[to] |= KIND_TARGET;
	}
	return true;
}

static void decode(struct decoded *d)
{
	d->sound = decode_all(d) && follow_jumps(d);
}

static unsigned displacement(const struct decoded *d, size_t at)
{
	ZydisDecodedInstruction i;

	return read_one(d, at, &i) ? i.raw.disp.offset : 0;
}

static bool is_rax(const ZydisDecodedOperand *o)
{
	return o->type == ZYDIS_OPERAND_TYPE_REGISTER &&
	       ZydisRegisterGetLargestEnclosing(ZYDIS_MACHINE_MODE_LONG_64, o->reg.value) ==
		       ZYDIS_REGISTER_RAX;
}

static enum rax value_of(const ZydisDecodedInstruction *i, const ZydisDecodedOperand *o, int *value)
{
	bool whole = o[0].size >= 32;

	if (whole && i->mnemonic == ZYDIS_MNEMONIC_MOV && is_rax(&o[0]) &&
	    o[1].type == ZYDIS_OPERAND_TYPE_IMMEDIATE) {
		*value = (int)o[1].imm.value.u;
		return RAX_SET;
	}
	if (whole && i->mnemonic == ZYDIS_MNEMONIC_XOR && is_rax(&o[0]) && is_rax(&o[1])) {
		*value = 0;
		return RAX_SET;
	}
	return RAX_UNKNOWN;
}

static enum rax rax(const struct decoded *d, size_t at, int *value)
{
	ZydisDecodedOperand o[ZYDIS_MAX_OPERAND_COUNT];
	ZydisDecodedInstruction i;
	unsigned n;

	if (!ZYAN_SUCCESS(ZydisDecoderDecodeFull(zydis(), d->bytes + at, d->size - at, &i, o)))
		return RAX_UNKNOWN;
	for (n = 0; n < i.operand_count; n++)
		if (is_rax(&o[n]) && o[n].actions & ZYDIS_OPERAND_ACTION_MASK_WRITE)
			return value_of(&i, o, value);
	return RAX_KEPT;
}

static void text_of(const struct decoded *d, size_t at, char *text, size_t size)
{
	ZydisDecodedOperand o[ZYDIS_MAX_OPERAND_COUNT];
	ZydisDecodedInstruction i;
	ZydisFormatter f;

	*text = '\0';
	if (ZYAN_SUCCESS(ZydisFormatterInit(&f, ZYDIS_FORMATTER_STYLE_ATT)) &&
	    ZYAN_SUCCESS(ZydisDecoderDecodeFull(zydis(), d->bytes + at, d->size - at, &i, o)))
		ZydisFormatterFormatInstruction(&f, &i, o, i.operand_count_visible, text, size,
						d->start + at, NULL);
}

__attribute__((visibility("default"))) const struct decoder regwait_decoder = {
	.version = DECODER_VERSION,
	.decode = decode,
	.displacement = displacement,
	.rax = rax,
	.text = text_of,
};
