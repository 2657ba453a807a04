/* SPDX-License-Identifier: MIT */
/*
 * Reads ELF files with libelf: what they import, and what they contain.
 */
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dynamic.h"
#include "elf.h"
#include "hints.h"
#include "release.h"

/* Where this program itself lies in memory; a symbol of the linker's. */
extern const Elf64_Ehdr __ehdr_start __attribute__((visibility("hidden")));

#define LIBURING_VERSION "LIBURING_"

static bool in_list(const char *name, const char *const *list)
{
	for (; *list; list++)
		if (!strcmp(name, *list))
			return true;
	return false;
}

static bool is_of_liburing(const char *name)
{
	return !strncmp(name, "io_uring_", 9) || !strncmp(name, "__io_uring_", 11);
}

static void note_import(struct elf_facts *f, const char *name, const char *version)
{
	static const char *const timed[] = { "io_uring_wait_cqe_timeout",
					     "io_uring_wait_cqes",
					     "io_uring_submit_and_wait_timeout",
					     "io_uring_wait_cqes_min_timeout",
					     "io_uring_submit_and_wait_min_timeout",
					     NULL };
	static const char *const waits[] = {
		"__io_uring_get_cqe",	"io_uring_submit_and_wait",	"io_uring_wait_cqe",
		"io_uring_wait_cqe_nr", "io_uring_submit_and_wait_reg", NULL
	};

	f->imports_syscall |= !strcmp(name, "syscall");
	f->imports_dlsym |= !strcmp(name, "dlsym");
	if (!is_of_liburing(name))
		return;
	if (strncmp(version, LIBURING_VERSION, strlen(LIBURING_VERSION))) {
		f->imports_unversioned = true;
		return;
	}
	f->imports_rings = true;
	f->imports_timed |= in_list(name, timed);
	f->imports_waits |= in_list(name, waits);
	f->imports_enter |= !strcmp(name, "io_uring_enter") || !strcmp(name, "io_uring_enter2");
}

static void note_definition(struct elf_facts *f, const char *name)
{
	static const char *const wrappers[] = { "io_uring_setup", "io_uring_enter",
						"io_uring_enter2", "io_uring_register", NULL };

	f->defines_liburing |= !strcmp(name, "io_uring_queue_init_params") ||
			       !strcmp(name, "io_uring_queue_mmap");
	f->defines_wrappers |= in_list(name, wrappers);
}

static void note_symbol(const struct dynamic_symbol *s, void *arg)
{
	if (!s->defined)
		note_import(arg, s->name, s->version);
	else if (s->function)
		note_definition(arg, s->name);
}

static void note_needed(const char *name, void *arg)
{
	struct elf_facts *f = arg;

	if (!strncmp(name, "libasan.so", 10) || !strncmp(name, "libclang_rt.asan", 16))
		snprintf(f->needs_asan, sizeof(f->needs_asan), "%s", name);
}

static void note_version(const char *name, void *arg)
{
	struct elf_facts *f = arg;

	f->is_liburing |= !strncmp(name, LIBURING_VERSION, strlen(LIBURING_VERSION));
}

/* Is it for this machine and word size? Others cannot be read as our own files. */
static void look_at_dynamic(Elf *elf, struct elf_facts *f)
{
	struct dynamic *d = dynamic_open(elf);
	GElf_Ehdr header;

	if (!d)
		return;
	f->dynamic = true;
	f->library = gelf_getehdr(elf, &header) && header.e_type == ET_DYN && !*f->interpreter &&
		     !dynamic_is_pie(d);
	snprintf(f->soname, sizeof(f->soname), "%s", dynamic_soname(d));
	dynamic_each_needed(d, note_needed, f);
	dynamic_each_version(d, note_version, f);
	dynamic_each_symbol(d, note_symbol, f);
	if (f->is_liburing && gelf_getehdr(elf, &header))
		f->release = release_of(d, header.e_machine);
	dynamic_close(d);
}

/*
 * Functions that are linked in statically need not be exported; then only the linker's symbol table
 * shows them.
 */
static void look_at_symbols(Elf *elf, Elf_Scn *section, const GElf_Shdr *header,
			    struct elf_facts *f)
{
	Elf_Data *data = elf_getdata(section, NULL);
	size_t nr = data && header->sh_entsize ? header->sh_size / header->sh_entsize : 0, i;

	for (i = 0; i < nr; i++) {
		const char *name;
		GElf_Sym sym;

		if (!gelf_getsym(data, i, &sym))
			break;
		name = elf_strptr(elf, header->sh_link, sym.st_name);
		if (name && sym.st_shndx != SHN_UNDEF && GELF_ST_TYPE(sym.st_info) == STT_FUNC)
			note_definition(f, name);
	}
}

static void look_at_sections(Elf *elf, struct elf_facts *f)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;

	while ((section = elf_nextscn(elf, section)))
		if (gelf_getshdr(section, &header) && header.sh_type == SHT_SYMTAB)
			look_at_symbols(elf, section, &header, f);
}

/* The name is among the strings that are needed to load it, and among those for the loader. */
static void look_for_name(const char *bytes, size_t size, struct elf_facts *f)
{
	static const char *const names[] = { "liburing.so.2", "liburing-ffi.so.2", "liburing.so" };
	size_t i;

	for (i = 0; !*f->names_liburing && i < sizeof(names) / sizeof(names[0]); i++)
		if (memmem(bytes, size, names[i], strlen(names[i]) + 1))
			strcpy(f->names_liburing, names[i]);
}

static void look_at_segments(Elf *elf, const GElf_Ehdr *header, struct elf_facts *f)
{
	size_t nr = 0, i, size = 0;
	const char *file = elf_rawfile(elf, &size);

	elf_getphdrnum(elf, &nr);
	for (i = 0; file && i < nr; i++) {
		GElf_Phdr p;

		if (!gelf_getphdr(elf, i, &p))
			break;
		if (p.p_offset > size || p.p_filesz > size - p.p_offset)
			continue;
		if (p.p_type == PT_INTERP && p.p_filesz < sizeof(f->interpreter))
			memcpy(f->interpreter, file + p.p_offset, p.p_filesz);
		if (p.p_type == PT_LOAD)
			look_for_name(file + p.p_offset, p.p_filesz, f);
		if (p.p_type == PT_LOAD && p.p_flags & PF_X)
			hints_look(header->e_machine, (const unsigned char *)file + p.p_offset,
				   p.p_filesz, &f->hints);
	}
	f->musl = strstr(f->interpreter, "ld-musl");
}

static void look_at_elf(Elf *elf, const GElf_Ehdr *header, struct elf_facts *f)
{
	f->is_elf = true;
	f->foreign = header->e_machine != __ehdr_start.e_machine ||
		     gelf_getclass(elf) != ELFCLASS64 || header->e_ident[EI_DATA] != ELFDATA2LSB;
	if (f->foreign)
		return;
	look_at_segments(elf, header, f);
	look_at_dynamic(elf, f);
	look_at_sections(elf, f);
}

int elf_look(const char *path, struct elf_facts *f)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a FIFO would block */
	GElf_Ehdr header;
	struct stat st;
	Elf *elf;

	memset(f, 0, sizeof(*f));
	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) || !S_ISREG(st.st_mode)) {
		close(fd);
		return S_ISDIR(st.st_mode) ? -EISDIR : -ENOEXEC;
	}
	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ, NULL);
	if (elf && elf_kind(elf) == ELF_K_ELF && gelf_getehdr(elf, &header))
		look_at_elf(elf, &header, f);
	elf_end(elf);
	close(fd);
	return 0;
}

bool elf_is_musl(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	char interpreter[PATH_MAX] = "";
	Elf64_Ehdr header = { 0 };
	Elf64_Phdr p;
	int i;

	if (fd < 0 || pread(fd, &header, sizeof(header), 0) != sizeof(header) ||
	    memcmp(header.e_ident, ELFMAG, SELFMAG) || header.e_ident[EI_CLASS] != ELFCLASS64)
		header.e_phnum = 0;
	for (i = 0; i < header.e_phnum; i++) {
		if (pread(fd, &p, sizeof(p), header.e_phoff + i * sizeof(p)) != sizeof(p))
			break;
		if (p.p_type != PT_INTERP)
			continue;
		if (pread(fd, interpreter, sizeof(interpreter) - 1, p.p_offset) <= 0)
			interpreter[0] = '\0';
		break;
	}
	if (fd >= 0)
		close(fd);
	return strstr(interpreter, "ld-musl");
}
