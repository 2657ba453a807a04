/* SPDX-License-Identifier: MIT */
/*
 * Patches the code of one file as its plan says: all sites, or none.
 *
 * Whatever can fail is done before the first byte is changed. Code becomes writable without ceasing
 * to be executable: a system that forbids changed code forbids that step (execmem of SELinux,
 * PR_SET_MDWE, seccomp filters, a seal), and afterwards only a right is given up, which none of them
 * refuses. The other order would leave code that is changed and cannot be executed any more.
 */
#include "base/arch/arch.h"

#if ARCH_HAS_SITES

#include <string.h>
#include <sys/mman.h>

#include "base/arch/site_entry.h"
#include "base/config.h"
#include "sites/sites.h"

#ifndef MAP_FIXED_NOREPLACE /* 4.17 */
#define MAP_FIXED_NOREPLACE 0x100000
#endif

/* The trampolines are looked for in growing steps. */
#define FIRST_STEP ((uintptr_t)1 << 16)

#ifndef PT_GNU_PROPERTY
#define PT_GNU_PROPERTY 0x6474e553
#endif

#define ENTRY_SIZE 16 /* before the trampolines: the address of site_entry */

static bool is_code(const ElfW(Phdr) *p)
{
	return p->p_type == PT_LOAD && p->p_flags & PF_X;
}

/* A segment of notes need not be loaded. */
static bool is_loaded(const struct code *c, const ElfW(Phdr) *note)
{
	const ElfW(Phdr) *p;

	for (p = c->phdr; p < c->phdr + c->nr_phdr; p++)
		if (p->p_type == PT_LOAD && p->p_flags & PF_R && note->p_vaddr >= p->p_vaddr &&
		    note->p_vaddr - p->p_vaddr <= p->p_filesz &&
		    note->p_filesz <= p->p_filesz - (note->p_vaddr - p->p_vaddr))
			return true;
	return false;
}

bool code_key(const struct code *c, struct plan_key *key)
{
	const ElfW(Phdr) *p, *end = c->phdr + c->nr_phdr;
	uint64_t hash = PLAN_HASH_BEGIN;
	bool found = false;

	for (p = c->phdr; p < end; p++)
		if (p->p_type == PT_NOTE && is_loaded(c, p) &&
		    plan_key_of_notes(key, (const void *)(c->base + p->p_vaddr), p->p_filesz))
			return true;
	for (p = c->phdr; p < end; p++) {
		if (!is_code(p))
			continue;
		found = true;
		/* Code that cannot be read has no plan. */
		if (!(p->p_flags & PF_R))
			return false;
		hash = plan_hash(hash, (const void *)(c->base + p->p_vaddr), p->p_filesz);
	}
	plan_key_of_hash(key, hash);
	return found;
}

/* The segment in which the bytes of the file lie that hold this run. */
static const ElfW(Phdr) *segment_of(const struct code *c, const struct plan_site *s)
{
	const ElfW(Phdr) *p;

	for (p = c->phdr; p < c->phdr + c->nr_phdr; p++)
		if (is_code(p) && p->p_flags & PF_R && s->offset >= p->p_offset &&
		    s->offset - p->p_offset < p->p_filesz &&
		    s->size <= p->p_filesz - (s->offset - p->p_offset))
			return p;
	return NULL;
}

/* Where a run lies in memory; 0: the file has no such code. */
static uintptr_t run_of(const struct code *c, const struct plan_site *s)
{
	const ElfW(Phdr) *p = segment_of(c, s);

	return p ? c->base + p->p_vaddr + (s->offset - p->p_offset) : 0;
}

static bool all_bytes_agree(const struct code *c, const struct plan *plan)
{
	const struct plan_site *s = plan_sites(plan), *end = s + plan->nr_sites;

	for (; s < end; s++) {
		uintptr_t run = run_of(c, s);

		if (!run || memcmp((const void *)run, s->run, s->size))
			return false;
	}
	return true;
}

static void *map_at(uintptr_t at, size_t size)
{
	void *memory = mmap((void *)at, size, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

	if (memory == MAP_FAILED)
		return NULL;
	/* Kernels before 4.17 do not know the flag, and take the address for a hint. */
	if ((uintptr_t)memory == at)
		return memory;
	munmap(memory, size);
	return NULL;
}

/*
 * Memory near the code between these addresses. Below it first: above lies a program's heap, which
 * must be able to grow.
 */
static void *map_near(uintptr_t start, uintptr_t end, size_t size)
{
	uintptr_t away, step, page = memory_page();

	size = (size + page - 1) & ~(page - 1);
	start &= ~(page - 1);
	end = (end + page - 1) & ~(page - 1);
	for (away = 0, step = FIRST_STEP; away < ARCH_SITE_REACH; away += step, step += step / 4) {
		uintptr_t down = away + size;
		void *memory = NULL;

		step &= ~(page - 1);
		if (start > down)
			memory = map_at(start - down, size);
		if (!memory && away)
			memory = map_at(end + away, size);
		if (memory)
			return memory;
	}
	return NULL;
}

static uintptr_t trampoline_of(const unsigned char *memory, unsigned i)
{
	return (uintptr_t)memory + ENTRY_SIZE + i * site_trampoline_size();
}

/* Writes all of them, behind the address that they jump to. */
static bool write_trampolines(const struct code *c, const struct plan *plan, unsigned char *memory)
{
	const char *entry = site_entry;
	unsigned char jump[PLAN_RUN_MAX];
	unsigned i;

	memcpy(memory, &entry, sizeof(entry));
	for (i = 0; i < plan->nr_sites; i++) {
		const struct plan_site *s = &plan_sites(plan)[i];
		uintptr_t run = run_of(c, s), trampoline = trampoline_of(memory, i);
		unsigned char *at = (unsigned char *)trampoline;

		if (!site_trampoline(&at, s, run, (uintptr_t)memory) ||
		    !site_jump(jump, s, run, trampoline))
			return false;
	}
	site_written(memory, trampoline_of(memory, i) - (uintptr_t)memory);
	return true;
}

/* From the first memory page with a run in this segment to the last. False: there is none. */
static bool pages_of(const struct code *c, const struct plan *plan, const ElfW(Phdr) *p,
		     uintptr_t *start, uintptr_t *end)
{
	const struct plan_site *s = plan_sites(plan), *last = s + plan->nr_sites;
	uintptr_t page = memory_page();

	*start = UINTPTR_MAX;
	*end = 0;
	for (; s < last; s++) {
		uintptr_t run = run_of(c, s);

		if (segment_of(c, s) != p)
			continue;
		*start = run < *start ? run : *start;
		*end = run + s->first > *end ? run + s->first : *end;
	}
	*start &= ~(page - 1);
	*end = (*end + page - 1) & ~(page - 1);
	return *start < *end;
}

/* The rights of code that its file asks for. */
static int rights_of(const struct code *c)
{
	const ElfW(Phdr) *p;

	for (p = c->phdr; p < c->phdr + c->nr_phdr; p++)
		if (p->p_type == PT_GNU_PROPERTY && is_loaded(c, p))
			return site_rights((const void *)(c->base + p->p_vaddr), p->p_filesz);
	return 0;
}

/* Changes the rights of the code, of the first nr segments. Returns how many were changed. */
static unsigned protect(const struct code *c, const struct plan *plan, unsigned nr, int more)
{
	uintptr_t start, end;
	unsigned i;

	for (i = 0; i < nr; i++) {
		const ElfW(Phdr) *p = &c->phdr[i];
		int rights = PROT_EXEC | PROT_READ | (p->p_flags & PF_W ? PROT_WRITE : 0) |
			     rights_of(c);

		if (is_code(p) && pages_of(c, plan, p, &start, &end) &&
		    mprotect((void *)start, end - start, rights | more))
			break;
	}
	return i;
}

static void write_jumps(const struct code *c, const struct plan *plan, const unsigned char *memory)
{
	unsigned char jump[PLAN_RUN_MAX];
	unsigned i;

	for (i = 0; i < plan->nr_sites; i++) {
		const struct plan_site *s = &plan_sites(plan)[i];
		uintptr_t run = run_of(c, s);

		site_jump(jump, s, run, trampoline_of(memory, i));
		memcpy((void *)run, jump, s->first);
		site_written((const void *)run, s->first);
	}
}

static enum site_reason patch_by(const struct code *c, const struct plan *plan,
				 unsigned char *memory, size_t size)
{
	unsigned nr;

	if (!write_trampolines(c, plan, memory))
		return SITE_DISTANCE;
	if (mprotect(memory, size, PROT_READ | PROT_EXEC))
		return SITE_PROTECTED;
	nr = protect(c, plan, c->nr_phdr, PROT_WRITE);
	if (nr == c->nr_phdr)
		write_jumps(c, plan, memory);
	protect(c, plan, nr, 0);
	return nr == c->nr_phdr ? SITE_REASON_NONE : SITE_PROTECTED;
}

enum site_reason code_patch(const struct code *c, const struct plan *plan, struct patched *done)
{
	size_t size = ENTRY_SIZE + plan->nr_sites * site_trampoline_size();
	enum site_reason why;
	void *memory;

	if (!all_bytes_agree(c, plan))
		return SITE_BYTES;
	memory = map_near(c->start, c->end, size);
	if (!memory)
		return SITE_DISTANCE;
	why = patch_by(c, plan, memory, size);
	if (why) {
		munmap(memory, size);
		return why;
	}
	*done = (struct patched){
		.memory = memory,
		.size = size,
		.run = (const void *)run_of(c, plan_sites(plan)),
	};
	memcpy(&done->jump, done->run, sizeof(done->jump));
	return SITE_REASON_NONE;
}

#endif
