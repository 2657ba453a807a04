/* SPDX-License-Identifier: MIT */
/*
 * Reads the dynamic sections of loaded objects: versions needed and defined, and the hash tables
 * of their symbols.
 */
#include <string.h>

#include "base/objects.h"

/*
 * glibc relocates these addresses in place, except on the few architectures where the section is
 * read-only.
 */
const void *object_address(const struct object *o, uintptr_t value)
{
	return (const void *)(value < o->base ? o->base + value : value);
}

static void read_range(struct object *o, const struct dl_phdr_info *info)
{
	const ElfW(Phdr) *p;

	o->start = UINTPTR_MAX;
	for (p = info->dlpi_phdr; p < info->dlpi_phdr + info->dlpi_phnum; p++) {
		uintptr_t at = info->dlpi_addr + p->p_vaddr;

		if (p->p_type == PT_DYNAMIC)
			o->dynamic = (const ElfW(Dyn) *)at;
		if (p->p_type == PT_GNU_RELRO) {
			o->relro = at;
			o->relro_end = at + p->p_memsz;
		}
		if (p->p_type != PT_LOAD)
			continue;
		if (at < o->start)
			o->start = at;
		if (at + p->p_memsz > o->end)
			o->end = at + p->p_memsz;
	}
	if (o->start > o->end)
		o->start = o->end = 0;
}

void object_read(struct object *o, const struct dl_phdr_info *info)
{
	const ElfW(Dyn) *d;
	uintptr_t soname = 0;

	*o = (struct object){ .base = info->dlpi_addr, .path = info->dlpi_name };
	if (!o->path)
		o->path = "";
	read_range(o, info);
	for (d = o->dynamic; d && d->d_tag != DT_NULL; d++) {
		const void *at = object_address(o, d->d_un.d_ptr);

		switch (d->d_tag) {
		/* clang-format off */
		case DT_STRTAB:		o->strings = at; break;
		case DT_SYMTAB:		o->symbols = at; break;
		case DT_VERSYM:		o->versions = at; break;
		case DT_VERNEED:	o->needs = at; break;
		case DT_VERDEF:		o->defines = at; break;
		case DT_GNU_HASH:	o->gnu_hash = at; break;
		case DT_HASH:		o->sysv_hash = at; break;
		case DT_SONAME:		soname = d->d_un.d_val; break;
			/* clang-format on */
		}
	}
	if (soname && o->strings)
		o->soname = o->strings + soname;
}

static bool begins(const char *text, const char *prefix)
{
	return !strncmp(text, prefix, strlen(prefix));
}

const char *object_needs(const struct object *o, const char *prefix)
{
	const ElfW(Verneed) *need = o->strings ? o->needs : NULL;

	while (need) {
		const ElfW(Vernaux) *aux = (const void *)((const char *)need + need->vn_aux);
		unsigned i;

		for (i = 0; i < need->vn_cnt; i++) {
			if (begins(o->strings + aux->vna_name, prefix))
				return o->strings + need->vn_file;
			aux = (const void *)((const char *)aux + aux->vna_next);
		}
		need = need->vn_next ? (const void *)((const char *)need + need->vn_next) : NULL;
	}
	return NULL;
}

bool object_defines(const struct object *o, const char *prefix)
{
	const ElfW(Verdef) *def = o->strings ? o->defines : NULL;

	while (def) {
		const ElfW(Verdaux) *aux = (const void *)((const char *)def + def->vd_aux);

		/* VER_FLG_BASE marks the name of the file itself. */
		if (!(def->vd_flags & VER_FLG_BASE) && begins(o->strings + aux->vda_name, prefix))
			return true;
		def = def->vd_next ? (const void *)((const char *)def + def->vd_next) : NULL;
	}
	return false;
}

bool object_is(const struct object *o, const char *file)
{
	const char *slash = strrchr(o->path, '/');

	return (o->soname && !strcmp(o->soname, file)) ||
	       !strcmp(slash ? slash + 1 : o->path, file);
}

#define VERSION_HIDDEN 0x8000

/* What is looked for. A name may be defined several times, with a version each. */
struct wanted {
	const char *name;
	bool is_default;
};

static bool symbol_is(const struct object *o, uint32_t i, const struct wanted *w)
{
	const ElfW(Sym) *s = &o->symbols[i];

	if (w->is_default && ((o->versions && o->versions[i] & VERSION_HIDDEN) ||
			      ELF64_ST_TYPE(s->st_info) == STT_GNU_IFUNC))
		return false;
	return s->st_shndx != SHN_UNDEF && s->st_value && !strcmp(o->strings + s->st_name, w->name);
}

static uint32_t gnu_hash_of(const char *name)
{
	uint32_t h = 5381;

	while (*name)
		h = h * 33 + (unsigned char)*name++;
	return h;
}

/* The number of the symbol; 0: not found. */
static uint32_t find_gnu(const struct object *o, const struct wanted *w)
{
	uint32_t nr_buckets = o->gnu_hash[0], first = o->gnu_hash[1], nr_bloom = o->gnu_hash[2];
	const ElfW(Addr) *bloom = (const ElfW(Addr) *)&o->gnu_hash[4];
	const uint32_t *buckets = (const uint32_t *)(bloom + nr_bloom);
	const uint32_t *chain = buckets + nr_buckets;
	uint32_t hash = gnu_hash_of(w->name), i = nr_buckets ? buckets[hash % nr_buckets] : 0;

	if (i < first)
		return 0;
	for (;; i++) {
		uint32_t h = chain[i - first];

		if ((h | 1) == (hash | 1) && symbol_is(o, i, w))
			return i;
		if (h & 1)
			return 0;
	}
}

static uint32_t sysv_hash_of(const char *name)
{
	uint32_t h = 0, high;

	while (*name) {
		h = (h << 4) + (unsigned char)*name++;
		high = h & 0xf0000000;
		h ^= high >> 24;
		h &= ~high;
	}
	return h;
}

static uint32_t find_sysv(const struct object *o, const struct wanted *w)
{
	uint32_t nr_buckets = o->sysv_hash[0];
	const uint32_t *buckets = &o->sysv_hash[2], *chain = buckets + nr_buckets;
	uint32_t i;

	for (i = nr_buckets ? buckets[sysv_hash_of(w->name) % nr_buckets] : 0; i; i = chain[i])
		if (symbol_is(o, i, w))
			return i;
	return 0;
}

static uint32_t find(const struct object *o, const struct wanted *w)
{
	if (!o->symbols || !o->strings)
		return 0;
	return o->gnu_hash ? find_gnu(o, w) : o->sysv_hash ? find_sysv(o, w) : 0;
}

static void *address_of(const struct object *o, uint32_t symbol)
{
	return symbol ? (void *)(o->base + o->symbols[symbol].st_value) : NULL;
}

void *object_function(const struct object *o, const char *name)
{
	return address_of(o, find(o, &(struct wanted){ .name = name }));
}

void *object_default_function(const struct object *o, const char *name)
{
	return address_of(o, find(o, &(struct wanted){ .name = name, .is_default = true }));
}

void *object_unversioned_function(const struct object *o, const char *name)
{
	uint32_t i = find(o, &(struct wanted){ .name = name });

	/* 1 is the number of symbols without a version; the highest bit says "hidden". */
	return o->versions && o->versions[i] != 1 ? NULL : address_of(o, i);
}
