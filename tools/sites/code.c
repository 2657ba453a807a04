/* SPDX-License-Identifier: MIT */
/*
 * Opens ELF files with libelf.
 */
#include <errno.h>
#include <fcntl.h>
#include <libelf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check/dynamic.h"
#include "code.h"
#include "common/message.h"
#include "frames.h"
#include "functions.h"
#include "mapping.h"

static void add_segment(struct code *c, const GElf_Phdr *p, const char *file, size_t size)
{
	struct segment *s;

	if (p->p_type != PT_LOAD || !p->p_filesz || p->p_offset > size ||
	    p->p_filesz > size - p->p_offset || p->p_vaddr + p->p_filesz < p->p_vaddr)
		return;
	s = &c->segments[c->nr_segments++];
	s->address = p->p_vaddr;
	s->offset = p->p_offset;
	s->size = p->p_filesz;
	s->bytes = (const unsigned char *)file + p->p_offset;
	s->code = (p->p_flags & (PF_X | PF_R)) == (PF_X | PF_R);
}

static void find_segments(struct code *c)
{
	size_t nr = 0, i, size = 0;
	const char *file = elf_rawfile(c->elf, &size);
	GElf_Phdr p;

	if (!file || elf_getphdrnum(c->elf, &nr) || !nr)
		return;
	c->segments = must(calloc(nr, sizeof(*c->segments)));
	for (i = 0; i < nr; i++)
		if (gelf_getphdr(c->elf, i, &p))
			add_segment(c, &p, file, size);
}

/* As the library finds it in memory (shim/sites/patch.c). */
static void find_key(struct code *c)
{
	size_t nr = 0, i, size = 0;
	const char *file = elf_rawfile(c->elf, &size);
	uint64_t hash = PLAN_HASH_BEGIN;
	GElf_Phdr p;

	elf_getphdrnum(c->elf, &nr);
	for (i = 0; file && i < nr; i++)
		if (gelf_getphdr(c->elf, i, &p) && p.p_type == PT_NOTE && p.p_offset <= size &&
		    p.p_filesz <= size - p.p_offset &&
		    plan_key_of_notes(&c->key, file + p.p_offset, p.p_filesz))
			return;
	for (i = 0; i < c->nr_segments; i++)
		if (c->segments[i].code)
			hash = plan_hash(hash, c->segments[i].bytes, c->segments[i].size);
	plan_key_of_hash(&c->key, hash);
}

static int by_address(const void *a, const void *b)
{
	const struct name *m = a, *n = b;

	return m->address < n->address ? -1 : m->address > n->address;
}

static void add_names(struct code *c, Elf_Scn *section, const GElf_Shdr *header)
{
	Elf_Data *data = elf_getdata(section, NULL);
	size_t nr = data && header->sh_entsize ? data->d_size / header->sh_entsize : 0, i;

	c->names = must(realloc(c->names, (c->nr_names + nr + 1) * sizeof(*c->names)));
	for (i = 0; i < nr; i++) {
		const char *text;
		GElf_Sym sym;

		if (!gelf_getsym(data, i, &sym))
			break;
		if (sym.st_shndx == SHN_UNDEF || GELF_ST_TYPE(sym.st_info) != STT_FUNC)
			continue;
		text = elf_strptr(c->elf, header->sh_link, sym.st_name);
		if (text)
			c->names[c->nr_names++] = (struct name){ sym.st_value, text };
	}
}

/* Names are for people: a file may have none. */
static void find_names(struct code *c)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;

	while ((section = elf_nextscn(c->elf, section)))
		if (gelf_getshdr(section, &header) &&
		    (header.sh_type == SHT_SYMTAB || header.sh_type == SHT_DYNSYM))
			add_names(c, section, &header);
	if (c->nr_names)
		qsort(c->names, c->nr_names, sizeof(*c->names), by_address);
}

static void find_texts(struct code *c)
{
	Elf_Scn *section = NULL;
	size_t nr = 0;
	GElf_Shdr h;

	elf_getshdrnum(c->elf, &nr);
	c->texts = must(calloc(nr + 1, sizeof(*c->texts)));
	while ((section = elf_nextscn(c->elf, section)) && c->nr_texts < nr)
		if (gelf_getshdr(section, &h) && h.sh_flags & SHF_EXECINSTR)
			c->texts[c->nr_texts++] =
				(struct segment){ .address = h.sh_addr, .size = h.sh_size };
}

/* NULL: it is no program or library of one that is known. */
static const struct machine *machine_of_file(Elf *elf)
{
	GElf_Ehdr h;

	if (!elf || elf_kind(elf) != ELF_K_ELF || !gelf_getehdr(elf, &h) ||
	    gelf_getclass(elf) != ELFCLASS64 || h.e_ident[EI_DATA] != ELFDATA2LSB ||
	    (h.e_type != ET_EXEC && h.e_type != ET_DYN))
		return NULL;
	return machine_of(h.e_machine);
}

int code_open(struct code *c, const char *path, bool names)
{
	struct stat st;
	int err;

	memset(c, 0, sizeof(*c));
	c->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a FIFO would block */
	if (c->fd < 0)
		return -errno;
	err = fstat(c->fd, &st)	  ? -errno :
	      S_ISDIR(st.st_mode) ? -EISDIR :
	      S_ISREG(st.st_mode) ? 0 :
				    -ENOEXEC;
	if (!err) {
		elf_version(EV_CURRENT);
		c->elf = elf_begin(c->fd, ELF_C_READ, NULL);
		c->machine = machine_of_file(c->elf);
		if (!c->machine)
			err = -ENOEXEC;
	}
	if (err) {
		code_close(c);
		return err;
	}
	find_segments(c);
	find_key(c);
	frames_read(c);
	functions_add_symbols(c);
	mapping_read(c);
	find_texts(c);
	if (names)
		find_names(c);
	return 0;
}

void code_close(struct code *c)
{
	elf_end(c->elf);
	free(c->segments);
	free(c->functions.all);
	free(c->texts);
	free(c->names);
	free(c->mapping);
	close(c->fd);
}

bool code_may_be(const struct code *c, uint64_t address)
{
	size_t i;

	for (i = 0; i < c->nr_texts; i++)
		if (address - c->texts[i].address < c->texts[i].size)
			return true;
	return !c->nr_texts;
}

bool code_is_libc(const struct code *c)
{
	const char *const names[] = { "libc.so.6", "libpthread.so.0", c->machine->loader };
	struct dynamic *d = dynamic_open(c->elf);
	bool is = false;
	size_t i;

	for (i = 0; d && i < sizeof(names) / sizeof(names[0]); i++)
		is |= !strcmp(dynamic_soname(d), names[i]);
	if (d)
		dynamic_close(d);
	return is;
}

const struct function *code_function(const struct code *c, uint64_t address)
{
	return functions_find(&c->functions, address);
}

const char *code_name(const struct code *c, uint64_t address, uint64_t *offset)
{
	size_t low = 0, high = c->nr_names;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (c->names[middle].address <= address)
			low = middle + 1;
		else
			high = middle;
	}
	if (!low)
		return NULL;
	*offset = address - c->names[low - 1].address;
	return c->names[low - 1].text;
}
