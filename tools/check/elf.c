/* SPDX-License-Identifier: MIT */
/*
 * Reads ELF files with libelf: what they import, what they hold. There is no
 * disassembler; the search for raw system calls is for a pattern of bytes and
 * gives a hint, no more.
 */
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "elf.h"

#if defined(__x86_64__)
#define OUR_MACHINE EM_X86_64
#elif defined(__aarch64__)
#define OUR_MACHINE EM_AARCH64
#else
#define OUR_MACHINE EM_NONE
#endif

static bool in_list(const char *name, const char *const *list)
{
	for (; *list; list++)
		if (!strcmp(name, *list))
			return true;
	return false;
}

static void note_import(struct elf_facts *f, const char *name)
{
	static const char *const timed[] = {
		"io_uring_wait_cqe_timeout", "io_uring_wait_cqes",
		"io_uring_submit_and_wait_timeout", "io_uring_wait_cqes_min_timeout",
		"io_uring_submit_and_wait_min_timeout", NULL
	};
	static const char *const waits[] = {
		"__io_uring_get_cqe", "io_uring_submit_and_wait", "io_uring_wait_cqe",
		"io_uring_wait_cqe_nr", "io_uring_submit_and_wait_reg", NULL
	};

	f->imports_timed |= in_list(name, timed);
	f->imports_waits |= in_list(name, waits);
	f->imports_rings |= !strncmp(name, "io_uring_", 9);
	f->imports_enter |= !strcmp(name, "io_uring_enter") || !strcmp(name, "io_uring_enter2");
	f->imports_syscall |= !strcmp(name, "syscall");
	f->imports_dlsym |= !strcmp(name, "dlsym");
}

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
		if (!name)
			continue;
		if (sym.st_shndx == SHN_UNDEF)
			note_import(f, name);
		else if (GELF_ST_TYPE(sym.st_info) == STT_FUNC)
			f->defines_liburing |= !strcmp(name, "io_uring_queue_init_params") ||
					       !strcmp(name, "io_uring_queue_mmap");
	}
}

/* x86-64: mov $426 into a register, and a call of that kind within the next 64 bytes. */
static bool enters_by(const unsigned char *code, size_t size, unsigned char mov,
		      const unsigned char *call, size_t call_size)
{
	const unsigned char number[] = { mov, 0xaa, 0x01, 0x00, 0x00 };
	const unsigned char *at = code, *end = code + size;

	while ((at = memmem(at, end - at, number, sizeof(number)))) {
		size_t left = end - at;

		if (memmem(at, left < 64 ? left : 64, call, call_size))
			return true;
		at++;
	}
	return false;
}

static void look_at_code(const unsigned char *code, size_t size, struct elf_facts *f)
{
	static const unsigned char syscall[] = { 0x0f, 0x05 }, call[] = { 0xe8 },
				   call_got[] = { 0xff, 0x15 };

	/* Into eax: for the kernel. Into edi: the first argument of libc's function. */
	f->hints_at_enter |= enters_by(code, size, 0xb8, syscall, sizeof(syscall));
	f->hints_at_libc_enter |= enters_by(code, size, 0xbf, call, sizeof(call)) ||
				  enters_by(code, size, 0xbf, call_got, sizeof(call_got));
}

static void look_at_sections(Elf *elf, struct elf_facts *f)
{
	Elf_Scn *section = NULL;

	while ((section = elf_nextscn(elf, section))) {
		GElf_Shdr header;
		Elf_Data *data;

		if (!gelf_getshdr(section, &header))
			continue;
		if (header.sh_type == SHT_DYNSYM || header.sh_type == SHT_SYMTAB)
			look_at_symbols(elf, section, &header, f);
		if (header.sh_type != SHT_PROGBITS || !(header.sh_flags & SHF_EXECINSTR) ||
		    OUR_MACHINE != EM_X86_64)
			continue;
		data = elf_rawdata(section, NULL);
		if (data && data->d_buf)
			look_at_code(data->d_buf, data->d_size, f);
	}
}

static void look_at_segments(Elf *elf, struct elf_facts *f)
{
	size_t nr = 0, i, size = 0;
	const char *file = elf_rawfile(elf, &size);

	elf_getphdrnum(elf, &nr);
	for (i = 0; i < nr; i++) {
		GElf_Phdr p;

		if (!gelf_getphdr(elf, i, &p))
			break;
		f->dynamic |= p.p_type == PT_DYNAMIC;
		if (p.p_type == PT_INTERP && file && p.p_offset <= size &&
		    p.p_filesz <= size - p.p_offset && p.p_filesz < sizeof(f->interpreter))
			memcpy(f->interpreter, file + p.p_offset, p.p_filesz);
	}
	f->musl = strstr(f->interpreter, "ld-musl");
}

/* env(1) only looks for another program: behind its options and settings. */
static bool is_for_env(const char *interpreter, const char *word)
{
	const char *slash = strrchr(interpreter, '/');

	return slash && !strcmp(slash, "/env") && (*word == '-' || strchr(word, '='));
}

static void look_at_script(int fd, struct elf_facts *f)
{
	char line[sizeof(f->interpreter) + 2] = "", *at = line + 2, *word, *rest;
	ssize_t n = pread(fd, line, sizeof(line) - 1, 0);

	if (n < 3 || line[0] != '#' || line[1] != '!')
		return;
	f->is_script = true;
	at[strcspn(at, "\n")] = '\0';
	at = strtok_r(at, " \t", &rest);
	if (!at)
		return;
	do
		word = strtok_r(NULL, " \t", &rest);
	while (word && is_for_env(at, word));
	if (word && strlen(at) >= 4 && !strcmp(at + strlen(at) - 4, "/env"))
		at = word;
	snprintf(f->interpreter, sizeof(f->interpreter), "%s", at);
}

int elf_look(const char *path, struct elf_facts *f)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);	/* a FIFO would block */
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
	if (elf && elf_kind(elf) == ELF_K_ELF && gelf_getehdr(elf, &header)) {
		f->is_elf = true;
		f->foreign = header.e_machine != OUR_MACHINE ||
			     gelf_getclass(elf) != (sizeof(long) == 8 ? ELFCLASS64 : ELFCLASS32);
		look_at_segments(elf, f);
		look_at_sections(elf, f);
	} else {
		look_at_script(fd, f);
	}
	elf_end(elf);
	close(fd);
	return 0;
}

/* Asks the loader for the libraries; its output is "\tNAME => PATH (ADDRESS)". */
static FILE *list_libraries(const char *loader, const char *path, pid_t *pid)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC))
		return NULL;
	*pid = fork();
	if (!*pid) {
		dup2(ends[1], STDOUT_FILENO);
		unsetenv("LD_PRELOAD");
		execl(loader, loader, "--list", path, (char *)NULL);
		_exit(127);
	}
	close(ends[1]);
	return fdopen(ends[0], "r");
}

int elf_each_library(const char *path, const struct elf_facts *facts,
		     void (*f)(const char *library, void *arg), void *arg)
{
	char line[PATH_MAX + 256], library[PATH_MAX];
	int nr = 0, status;
	pid_t pid = -1;
	FILE *list;

	/* Only the system's own loader is run, whatever the file names. */
	if (strncmp(facts->interpreter, "/lib", 4) || strstr(facts->interpreter, ".."))
		return -ENOEXEC;
	list = list_libraries(facts->interpreter, path, &pid);
	if (!list)
		return -errno;
	while (fgets(line, sizeof(line), list)) {
		char *arrow = strstr(line, "=> ");

		if (!arrow || sscanf(arrow + 3, "%4095s", library) != 1 || library[0] != '/')
			continue;
		nr++;
		f(library, arg);
	}
	fclose(list);
	if (pid > 0)
		waitpid(pid, &status, 0);
	return nr;
}
