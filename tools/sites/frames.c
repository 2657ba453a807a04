/* SPDX-License-Identifier: MIT */
/*
 * Reads .eh_frame by its segment PT_GNU_EH_FRAME, as an unwinder does: a file may have no section
 * headers. Only the ranges of the functions are read, and what is needed to find them. Encodings
 * that no compiler uses are not read; their functions are unknown, and stay as they are.
 */
#include <string.h>

#include "frames.h"
#include "functions.h"

/* Encodings of addresses (DW_EH_PE_...). */
#define PE_UDATA4   0x03
#define PE_SDATA4   0x0b
#define PE_ABSPTR   0x00
#define PE_UDATA8   0x04
#define PE_SDATA8   0x0c
#define PE_FORMAT   0x0f
#define PE_PCREL    0x10
#define PE_BASE	    0x70
#define PE_OMIT	    0xff
#define PE_INDIRECT 0x80

/* What is left to read. Reading beyond the end gives zeroes, and sets bad. */
struct cursor {
	const unsigned char *at, *end;
	uint64_t address; /* of at */
	bool bad;
};

static bool skip(struct cursor *r, uint64_t n)
{
	if (r->bad || n > (uint64_t)(r->end - r->at)) {
		r->bad = true;
		return false;
	}
	r->at += n;
	r->address += n;
	return true;
}

static uint64_t take(struct cursor *r, unsigned size)
{
	const unsigned char *at = r->at;
	uint64_t value = 0;

	if (skip(r, size))
		memcpy(&value, at, size);
	return value;
}

static uint64_t take_leb128(struct cursor *r)
{
	uint64_t value = 0;
	unsigned shift = 0;
	uint8_t byte;

	do {
		byte = take(r, 1);
		if (shift < 64)
			value |= (uint64_t)(byte & 0x7f) << shift;
		shift += 7;
	} while (byte & 0x80 && !r->bad);
	return value;
}

static uint64_t take_number(struct cursor *r, uint8_t encoding)
{
	switch (encoding & PE_FORMAT) {
	case PE_ABSPTR:
	case PE_UDATA8:
	case PE_SDATA8:
		return take(r, 8);
	case PE_UDATA4:
		return take(r, 4);
	case PE_SDATA4:
		return (int64_t)(int32_t)take(r, 4);
	}
	r->bad = true;
	return 0;
}

static uint64_t take_address(struct cursor *r, uint8_t encoding)
{
	uint64_t here = r->address, value = take_number(r, encoding);

	if (encoding & PE_INDIRECT || ((encoding & PE_BASE) && (encoding & PE_BASE) != PE_PCREL))
		r->bad = true;
	return encoding & PE_PCREL ? here + value : value;
}

/* The part of the segment from this address on. */
static struct cursor cursor_at(const struct code *c, uint64_t address)
{
	const struct segment *s = code_segment(c, address, 1);
	struct cursor r = { .address = address, .bad = true };

	if (s) {
		r.at = segment_at(s, address);
		r.end = s->bytes + s->size;
		r.bad = false;
	}
	return r;
}

/* Bounds r to the entry that begins there, behind its length. False: it is the last. */
static bool take_entry(struct cursor *r, struct cursor *entry)
{
	uint64_t length = take(r, 4);

	if (length == 0xffffffff)
		length = take(r, 8);
	*entry = *r;
	if (!length || !skip(r, length))
		return false;
	entry->end = r->at;
	return true;
}

/* How the addresses of the FDEs are encoded that name this CIE; PE_OMIT: not known. */
static uint8_t encoding_of(struct cursor cie)
{
	char augmentation[8] = "";
	uint8_t encoding = PE_ABSPTR, version;
	size_t i;

	if (take(&cie, 4))
		return PE_OMIT; /* it is no CIE */
	version = take(&cie, 1);
	for (i = 0; i < sizeof(augmentation); i++)
		if (!(augmentation[i] = take(&cie, 1)))
			break;
	if (i == sizeof(augmentation) || (version != 1 && version != 3))
		return PE_OMIT;
	take_leb128(&cie); /* alignment of code */
	take_leb128(&cie); /* and data */
	if (version == 1)
		take(&cie, 1); /* the register of the return address */
	else
		take_leb128(&cie);
	if (augmentation[0] == 'z')
		take_leb128(&cie);
	for (i = augmentation[0] == 'z'; augmentation[i] && !cie.bad; i++) {
		if (augmentation[i] == 'R')
			encoding = take(&cie, 1);
		else if (augmentation[i] == 'L')
			take(&cie, 1);
		else if (augmentation[i] == 'P')
			take_number(&cie, take(&cie, 1));
		else if (augmentation[i] != 'S' && augmentation[i] != 'B')
			return PE_OMIT;
	}
	return cie.bad ? PE_OMIT : encoding;
}

static void read_entries(struct code *c, struct cursor r)
{
	struct cursor entry;
	/* One CIE serves many FDEs in a row. */
	uint64_t known_at = 0;
	uint8_t known = PE_OMIT;

	while (take_entry(&r, &entry)) {
		uint64_t at = entry.address, back = take(&entry, 4), start, size;
		struct cursor cie = cursor_at(c, at - back), cie_entry;

		if (!back || entry.bad)
			continue;
		if (at - back != known_at) {
			known_at = at - back;
			known = !cie.bad && take_entry(&cie, &cie_entry) ? encoding_of(cie_entry) :
									   PE_OMIT;
		}
		if (known == PE_OMIT)
			continue;
		start = take_address(&entry, known);
		size = take_number(&entry, known);
		if (!entry.bad)
			functions_add(&c->functions, c, start, size);
	}
}

/* The header: version 1, three encodings, and the address of .eh_frame. */
void frames_read(struct code *c)
{
	size_t nr = 0, i;
	GElf_Phdr p;

	elf_getphdrnum(c->elf, &nr);
	for (i = 0; i < nr; i++) {
		struct cursor r;
		uint8_t encoding;
		uint64_t at;

		if (!gelf_getphdr(c->elf, i, &p) || p.p_type != PT_GNU_EH_FRAME)
			continue;
		r = cursor_at(c, p.p_vaddr);
		if (take(&r, 1) != 1)
			return;
		encoding = take(&r, 1);
		skip(&r, 2);
		at = take_address(&r, encoding);
		if (!r.bad)
			read_entries(c, cursor_at(c, at));
	}
	functions_sort(&c->functions);
}
