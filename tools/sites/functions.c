/* SPDX-License-Identifier: MIT */
/*
 * Collects the functions of a file. Compilers write .eh_frame by default, but clang does not for
 * freestanding code, such as liburing's without libc.
 */
#include <libelf.h>
#include <stdlib.h>

#include "common/message.h"
#include "functions.h"

void functions_add(struct functions *f, const struct code *c, uint64_t start, uint64_t size)
{
	const struct segment *s = code_segment(c, start, 1);

	if (!s || !s->code || !size || size > s->size - (start - s->address))
		return;
	if (f->nr == f->room) {
		f->room = f->room ? 2 * f->room : 1024;
		f->all = must(realloc(f->all, f->room * sizeof(*f->all)));
	}
	f->all[f->nr++] = (struct function){ start, start + size };
}

static int by_start(const void *a, const void *b)
{
	const struct function *f = a, *g = b;

	if (f->start != g->start)
		return f->start < g->start ? -1 : 1;
	return f->end < g->end ? -1 : f->end > g->end;
}

/* A function may have several names. Of those that overlap, none says where instructions begin. */
void functions_sort(struct functions *f)
{
	uint64_t reached = 0;
	size_t i, kept = 0, nr = 0;

	if (f->nr)
		qsort(f->all, f->nr, sizeof(*f->all), by_start);
	for (i = 0; i < f->nr; i++)
		if (!nr || by_start(&f->all[nr - 1], &f->all[i]))
			f->all[nr++] = f->all[i];
	for (i = 0; i < nr; i++) {
		const struct function one = f->all[i];
		bool overlaps = one.start < reached ||
				(i + 1 < nr && f->all[i + 1].start < one.end);

		if (one.end > reached)
			reached = one.end;
		if (!overlaps)
			f->all[kept++] = one;
	}
	f->nr = kept;
}

/* The first that ends behind this address. */
static size_t first_behind(const struct functions *f, uint64_t address)
{
	size_t low = 0, high = f->nr;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (address >= f->all[middle].end)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct function *functions_find(const struct functions *f, uint64_t address)
{
	size_t i = first_behind(f, address);

	return i < f->nr && f->all[i].start <= address ? &f->all[i] : NULL;
}

static bool is_free(const struct functions *f, const struct function *one)
{
	size_t i = first_behind(f, one->start);

	return i == f->nr || f->all[i].start >= one->end;
}

static void read_symbols(struct functions *f, const struct code *c, Elf_Scn *section,
			 const GElf_Shdr *header)
{
	Elf_Data *data = elf_getdata(section, NULL);
	size_t nr = data && header->sh_entsize ? data->d_size / header->sh_entsize : 0, i;
	GElf_Sym sym;

	for (i = 0; i < nr && gelf_getsym(data, i, &sym); i++)
		if (sym.st_shndx != SHN_UNDEF && GELF_ST_TYPE(sym.st_info) == STT_FUNC)
			functions_add(f, c, sym.st_value, sym.st_size);
}

void functions_add_symbols(struct code *c)
{
	struct functions by_symbols = { 0 };
	size_t known = c->functions.nr, i;
	Elf_Scn *section = NULL;
	GElf_Shdr header;

	while ((section = elf_nextscn(c->elf, section)))
		if (gelf_getshdr(section, &header) &&
		    (header.sh_type == SHT_SYMTAB || header.sh_type == SHT_DYNSYM))
			read_symbols(&by_symbols, c, section, &header);
	functions_sort(&by_symbols);
	for (i = 0; i < by_symbols.nr; i++) {
		const struct functions frames = { c->functions.all, known, 0 };
		const struct function *one = &by_symbols.all[i];

		if (is_free(&frames, one))
			functions_add(&c->functions, c, one->start, one->end - one->start);
	}
	free(by_symbols.all);
	functions_sort(&c->functions);
}
