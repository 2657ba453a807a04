/* SPDX-License-Identifier: MIT */
/*
 * Reads the dynamic section of an ELF file. The file may be broken, so an offset is used only if
 * all that it leads to lies in the part of the file that one segment loads.
 */
#include <libelf.h>
#include <stdlib.h>
#include <string.h>

#include "dynamic.h"

#define MOST_VERSIONS 32768 /* an index has 15 bits; a longer chain is a circle */

/* A part of the file. */
struct part {
	const char *at;
	size_t size;
};

struct dynamic {
	Elf *elf;
	Elf_Data *entries;
	size_t nr_entries;
	struct part strings, symbols, versions;
	size_t nr_symbols;
	const char **version_names; /* of imported versions, by index */
	size_t nr_versions;
};

/* The bytes from an address on, up to the end of what the segment has in the file. */
static struct part part_at(Elf *elf, uint64_t address)
{
	size_t nr = 0, i, size = 0;
	const char *file = elf_rawfile(elf, &size);

	elf_getphdrnum(elf, &nr);
	for (i = 0; file && i < nr; i++) {
		GElf_Phdr p;
		uint64_t into, left;

		if (!gelf_getphdr(elf, i, &p) || p.p_type != PT_LOAD || address < p.p_vaddr)
			continue;
		into = address - p.p_vaddr;
		if (into >= p.p_filesz || p.p_offset > size || into > size - p.p_offset)
			continue;
		left = p.p_filesz - into;
		if (left > size - p.p_offset - into)
			left = size - p.p_offset - into;
		return (struct part){ file + p.p_offset + into, left };
	}
	return (struct part){ 0 };
}

static bool entry(const struct dynamic *d, size_t i, GElf_Dyn *dyn)
{
	return i < d->nr_entries && gelf_getdyn(d->entries, i, dyn) && dyn->d_tag != DT_NULL;
}

static bool find(const struct dynamic *d, int64_t tag, uint64_t *value)
{
	GElf_Dyn dyn;
	size_t i;

	for (i = 0; entry(d, i, &dyn); i++) {
		if (dyn.d_tag == tag) {
			*value = dyn.d_un.d_val;
			return true;
		}
	}
	return false;
}

static struct part part_of(const struct dynamic *d, int64_t tag)
{
	uint64_t address;

	return find(d, tag, &address) ? part_at(d->elf, address) : (struct part){ 0 };
}

/* A string of the string table; "" if the offset is invalid. */
static const char *string(const struct dynamic *d, uint64_t at)
{
	if (at >= d->strings.size || !memchr(d->strings.at + at, '\0', d->strings.size - at))
		return "";
	return d->strings.at + at;
}

/*
 * The number of symbols. Only a hash table tells it, which may be missing; so the symbols are taken
 * to end where the next table begins.
 */
static size_t count_symbols(const struct dynamic *d)
{
	static const int64_t tables[] = { DT_STRTAB, DT_VERSYM,	  DT_VERNEED,	 DT_VERDEF,
					  DT_HASH,   DT_GNU_HASH, DT_RELA,	 DT_REL,
					  DT_JMPREL, DT_INIT,	  DT_INIT_ARRAY, DT_PLTGOT };
	uint64_t start, next, end;
	size_t i, one = gelf_fsize(d->elf, ELF_T_SYM, 1, EV_CURRENT);
	struct part hash = part_of(d, DT_HASH);
	uint32_t words[2];

	if (hash.size >= sizeof(words)) {
		memcpy(words, hash.at, sizeof(words));
		if (words[1] <= d->symbols.size / one)
			return words[1];
	}
	if (!find(d, DT_SYMTAB, &start))
		return 0;
	end = start + d->symbols.size;
	for (i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		if (find(d, tables[i], &next) && next > start && next < end)
			end = next;
	return (end - start) / one;
}

static void name_version(struct dynamic *d, unsigned index, const char *name)
{
	const char **more;

	if (index >= d->nr_versions) {
		more = realloc(d->version_names, (index + 1) * sizeof(*more));
		if (!more)
			return;
		memset(more + d->nr_versions, 0, (index + 1 - d->nr_versions) * sizeof(*more));
		d->version_names = more;
		d->nr_versions = index + 1;
	}
	d->version_names[index] = name;
}

/* Reads the versions that are imported from each needed library. */
static void read_needed_versions(struct dynamic *d)
{
	struct part part = part_of(d, DT_VERNEED);
	size_t at = 0, aux, steps = MOST_VERSIONS;
	Elf64_Verneed need;
	Elf64_Vernaux name;
	unsigned i;

	while (at + sizeof(need) <= part.size && steps) {
		memcpy(&need, part.at + at, sizeof(need));
		aux = at + need.vn_aux;
		for (i = 0; i < need.vn_cnt && aux + sizeof(name) <= part.size && steps;
		     i++, steps--) {
			memcpy(&name, part.at + aux, sizeof(name));
			name_version(d, name.vna_other & 0x7fff, string(d, name.vna_name));
			if (!name.vna_next)
				break;
			aux += name.vna_next;
		}
		if (!need.vn_next || !steps)
			break;
		at += need.vn_next;
		steps--;
	}
}

static bool read_entries(struct dynamic *d)
{
	size_t nr = 0, i;

	elf_getphdrnum(d->elf, &nr);
	for (i = 0; i < nr; i++) {
		GElf_Phdr p;

		if (!gelf_getphdr(d->elf, i, &p) || p.p_type != PT_DYNAMIC)
			continue;
		d->entries = elf_getdata_rawchunk(d->elf, p.p_offset, p.p_filesz, ELF_T_DYN);
		if (!d->entries)
			return false;
		d->nr_entries = p.p_filesz / gelf_fsize(d->elf, ELF_T_DYN, 1, EV_CURRENT);
		return true;
	}
	return false;
}

struct dynamic *dynamic_open(Elf *elf)
{
	struct dynamic *d = calloc(1, sizeof(*d));

	if (!d)
		return NULL;
	d->elf = elf;
	if (!read_entries(d)) {
		free(d);
		return NULL;
	}
	d->strings = part_of(d, DT_STRTAB);
	d->symbols = part_of(d, DT_SYMTAB);
	d->versions = part_of(d, DT_VERSYM);
	d->nr_symbols = count_symbols(d);
	read_needed_versions(d);
	return d;
}

void dynamic_close(struct dynamic *d)
{
	if (d)
		free(d->version_names);
	free(d);
}

bool dynamic_is_pie(const struct dynamic *d)
{
	uint64_t flags;

	return find(d, DT_FLAGS_1, &flags) && flags & DF_1_PIE;
}

const char *dynamic_soname(const struct dynamic *d)
{
	uint64_t at;

	return find(d, DT_SONAME, &at) ? string(d, at) : "";
}

void dynamic_each_needed(const struct dynamic *d, void (*f)(const char *name, void *arg), void *arg)
{
	GElf_Dyn dyn;
	size_t i;

	for (i = 0; entry(d, i, &dyn); i++)
		if (dyn.d_tag == DT_NEEDED)
			f(string(d, dyn.d_un.d_val), arg);
}

void dynamic_each_version(const struct dynamic *d, void (*f)(const char *name, void *arg),
			  void *arg)
{
	struct part part = part_of(d, DT_VERDEF);
	Elf64_Verdaux name;
	size_t at = 0, steps = MOST_VERSIONS;
	Elf64_Verdef def;

	while (at + sizeof(def) <= part.size && steps--) {
		memcpy(&def, part.at + at, sizeof(def));
		if (def.vd_aux + sizeof(name) <= part.size - at) {
			memcpy(&name, part.at + at + def.vd_aux, sizeof(name));
			f(string(d, name.vda_name), arg);
		}
		if (!def.vd_next)
			break;
		at += def.vd_next;
	}
}

/* The version under which symbol i is imported. */
static const char *version_of(const struct dynamic *d, size_t i)
{
	uint16_t index;

	if ((i + 1) * sizeof(index) > d->versions.size)
		return "";
	memcpy(&index, d->versions.at + i * sizeof(index), sizeof(index));
	index &= 0x7fff;
	return index < d->nr_versions && d->version_names[index] ? d->version_names[index] : "";
}

void dynamic_each_symbol(struct dynamic *d, void (*f)(const struct dynamic_symbol *s, void *arg),
			 void *arg)
{
	struct dynamic_symbol s;
	Elf64_Sym sym;
	size_t i;

	/*
	 * Files for other machines or word sizes are not read here, so the file's layout is that of
	 * memory.
	 */
	for (i = 0; i < d->nr_symbols && (i + 1) * sizeof(sym) <= d->symbols.size; i++) {
		memcpy(&sym, d->symbols.at + i * sizeof(sym), sizeof(sym));
		s.name = string(d, sym.st_name);
		s.defined = sym.st_shndx != SHN_UNDEF;
		s.function = ELF64_ST_TYPE(sym.st_info) == STT_FUNC;
		s.address = sym.st_value;
		s.size = sym.st_size;
		s.version = s.defined ? "" : version_of(d, i);
		f(&s, arg);
	}
}

size_t dynamic_code(const struct dynamic *d, const struct dynamic_symbol *s,
		    const unsigned char **code)
{
	struct part part = part_at(d->elf, s->address);

	*code = (const unsigned char *)part.at;
	return s->size < part.size ? s->size : part.size;
}
