/* SPDX-License-Identifier: MIT */
/*
 * libFuzzer target: whatever is in a file, regwait sites ends, reads nothing that is not there, and
 * what it plans is sound; and no bytes that are given to plan_check() as a plan lead out of them.
 *
 * The first byte of the input chooses. 0: the rest is a plan. 1, 2: it is code of x86-64 or aarch64, for
 * which an ELF file is made that is in order. Else it is an ELF file.
 */
#include <elf.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "contract/plan.h"
#include "sites/analysis.h"
#include "sites/decoder.h"

#define must(x) \
	do { \
		if (!(x)) \
			__builtin_trap(); \
	} while (0)

/* It is linked in, and not loaded. */
extern const struct decoder regwait_decoder;

const struct decoder *decoder(void)
{
	return &regwait_decoder;
}

#define CODE_AT	 0x1000
#define CODE_MAX 4096

/* In order, apart from each other, and each within the file's code. */
static void check_site(const struct site *s, const struct code *c)
{
	const struct plan_site *p = &s->plan;
	const struct segment *in = code_segment(c, s->run, p->size);
	const struct function *f = code_function(c, s->run);
	unsigned i;

	must(in && in->code && f);
	must(f->start <= s->run && s->run + p->size <= f->end);
	must(p->offset == in->offset + (s->run - in->address));
	must(!memcmp(segment_at(in, s->run), p->run, p->size));
	must(s->run + p->size == s->address + c->machine->site_size);
	must(p->first >= c->machine->jump_size && p->first <= p->size && p->size <= PLAN_RUN_MAX);
	must(!(s->run % c->machine->align));
	for (i = 0; i < p->nr_relative; i++)
		must(p->relative[i] + 4 <= p->size - c->machine->site_size);
}

static void look_at(const void *file, size_t size)
{
	int fd = memfd_create("file", MFD_CLOEXEC);
	struct sites sites;
	struct code c;
	char path[64];
	size_t i, possible = 0;

	must(fd >= 0 && write(fd, file, size) == (ssize_t)size);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (!code_open(&c, path, true)) {
		sites_find(&sites, &c);
		for (i = 0; i < sites.nr; i++) {
			uint64_t offset;

			code_name(&c, sites.site[i].address, &offset);
			if (sites.site[i].left)
				continue;
			possible++;
			check_site(&sites.site[i], &c);
		}
		must(possible == sites.nr_possible);
		sites_free(&sites);
		code_close(&c);
	}
	close(fd);
}

static void put(unsigned char **at, uint64_t value, unsigned size)
{
	memcpy(*at, &value, size);
	*at += size;
}

/* One segment with all: a header, .eh_frame_hdr, .eh_frame with one function, and the code. */
static void look_at_code(unsigned machine, const uint8_t *code, size_t size)
{
	static unsigned char file[CODE_AT + CODE_MAX];
	Elf64_Ehdr *e = (Elf64_Ehdr *)file;
	Elf64_Phdr *p = (Elf64_Phdr *)(e + 1);
	unsigned char *at = file + 0x200;

	if (size > CODE_MAX)
		size = CODE_MAX;
	memset(file, 0, sizeof(file));
	memcpy(e->e_ident, ELFMAG "\2\1\1", 7);
	e->e_type = ET_DYN, e->e_machine = machine, e->e_version = 1;
	e->e_ehsize = sizeof(*e), e->e_phoff = sizeof(*e), e->e_phentsize = sizeof(*p);
	e->e_phnum = 2;
	p[0] = (Elf64_Phdr){ .p_type = PT_LOAD,
			     .p_flags = PF_R | PF_X,
			     .p_filesz = CODE_AT + size,
			     .p_memsz = CODE_AT + size };
	p[1] = (Elf64_Phdr){ .p_type = PT_GNU_EH_FRAME,
			     .p_flags = PF_R,
			     .p_offset = 0x200,
			     .p_vaddr = 0x200,
			     .p_filesz = 8,
			     .p_memsz = 8 };
	put(&at, 0xffff1b01, 4); /* version 1, sdata4 from here; no table */
	put(&at, 0x300 - 0x204, 4);
	at = file + 0x300;
	put(&at, 16, 4); /* a CIE: "zR", sdata4 from here */
	put(&at, 0, 4);
	put(&at, 0x00527a01, 4);
	put(&at, 0x1b01107801, 8);
	at = file + 0x300 + 20;
	put(&at, 16, 4); /* its FDE */
	put(&at, at - (file + 0x300), 4);
	put(&at, (uint32_t)(CODE_AT - (at - file)), 4);
	put(&at, size, 4);
	memcpy(file + CODE_AT, code, size);
	look_at(file, CODE_AT + size);
}

static void look_at_plan(const void *bytes, size_t size)
{
	void *plan = malloc(size + !size); /* what is read beyond it, is found */
	size_t used = 0;

	must(plan);
	memcpy(plan, bytes, size);
	/* Or its hash would hide what is behind. */
	if (size >= sizeof(struct plan)) {
		struct plan *p = plan;
		size_t rest = (size_t)p->nr_sites * sizeof(struct plan_site);

		if (rest <= size - sizeof(*p))
			p->hash = plan_hash(PLAN_HASH_BEGIN, p + 1, rest);
	}
	if (plan_check(plan, size, &used)) {
		char name[PLAN_NAME_SIZE];

		must(used <= size);
		plan_name(name, &((struct plan *)plan)->key);
		must(strlen(name) < sizeof(name));
	}
	plan_key_of_notes(&(struct plan_key){ 0 }, plan, size);
	free(plan);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size)
		return 0;
	if (*data == 0)
		look_at_plan(data + 1, size - 1);
	else if (*data == 1)
		look_at_code(EM_X86_64, data + 1, size - 1);
	else if (*data == 2)
		look_at_code(EM_AARCH64, data + 1, size - 1);
	else
		look_at(data + 1, size - 1);
	return 0;
}
