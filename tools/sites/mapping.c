/* SPDX-License-Identifier: MIT */
/*
 * Reads mapping symbols: "$d" where data begins, "$x" where instructions do, perhaps with a dot and
 * more behind it.
 */
#include <libelf.h>
#include <stdlib.h>

#include "common/message.h"
#include "mapping.h"

static bool is_mapping(const char *name)
{
	return name && name[0] == '$' && (name[1] == 'd' || name[1] == 'x') &&
	       (!name[2] || name[2] == '.');
}

static void read_section(struct code *c, Elf_Scn *section, const GElf_Shdr *header)
{
	Elf_Data *data = elf_getdata(section, NULL);
	size_t nr = data && header->sh_entsize ? data->d_size / header->sh_entsize : 0, i;
	GElf_Sym sym;

	c->mapping = must(realloc(c->mapping, (c->nr_mapping + nr + 1) * sizeof(*c->mapping)));
	for (i = 0; i < nr && gelf_getsym(data, i, &sym); i++) {
		const struct segment *in = code_segment(c, sym.st_value, 1);
		const char *name = elf_strptr(c->elf, header->sh_link, sym.st_name);

		if (in && in->code && is_mapping(name))
			c->mapping[c->nr_mapping++] = (struct name){ sym.st_value, name };
	}
}

/* Of two at one place, what says data is the last. */
static int by_address(const void *a, const void *b)
{
	const struct name *m = a, *n = b;

	if (m->address != n->address)
		return m->address < n->address ? -1 : 1;
	return (m->text[1] == 'd') - (n->text[1] == 'd');
}

void mapping_read(struct code *c)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;

	if (c->machine->elf != EM_AARCH64)
		return;
	while ((section = elf_nextscn(c->elf, section)))
		if (gelf_getshdr(section, &header) && header.sh_type == SHT_SYMTAB)
			read_section(c, section, &header);
	if (c->nr_mapping)
		qsort(c->mapping, c->nr_mapping, sizeof(*c->mapping), by_address);
}

bool mapping_has_data(const struct code *c, uint64_t start, uint64_t end)
{
	bool data = false;
	size_t i;

	for (i = 0; i < c->nr_mapping && c->mapping[i].address < end; i++) {
		if (data && c->mapping[i].address > start)
			return true;
		data = c->mapping[i].text[1] == 'd';
	}
	return data;
}
