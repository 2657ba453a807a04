/* SPDX-License-Identifier: MIT */
/*
 * Goes through an object's relocations for references to one function.
 */
#include <string.h>
#include <sys/mman.h>

#include "base/bindings.h"
#include "base/config.h"
#include "base/lock.h"
#include "base/signals.h"

#define LOCK_TRIES 1000

/* Of both kinds these two words are the first. */
struct relocation {
	uintptr_t offset, info;
};

struct table {
	const char *at;
	size_t size, stride;
	bool lazy; /* its functions may be bound when they are first called */
};

struct search {
	const struct object *o;
	const char *name;
	void *real, *ours;
};

/* While a page is made writable and read-only again, nobody else may do that. */
static struct lock lock;

static uint32_t symbol_of(uintptr_t info)
{
	return info >> (sizeof(info) == 8 ? 32 : 8);
}

/* The tables that there are, in the dynamic section's own words; no more than three. */
static void find_tables(const struct object *o, struct table *tables)
{
	struct table *any = &tables[0], *old = &tables[1], *lazy = &tables[2];
	const ElfW(Dyn) *d;

	any->stride = lazy->stride = sizeof(ElfW(Rela));
	old->stride = sizeof(ElfW(Rel));
	lazy->lazy = true;
	for (d = o->dynamic; d && d->d_tag != DT_NULL; d++) {
		const void *at = object_address(o, d->d_un.d_ptr);

		switch (d->d_tag) {
		/* clang-format off */
		case DT_RELA:		any->at = at; break;
		case DT_RELASZ:		any->size = d->d_un.d_val; break;
		case DT_REL:		old->at = at; break;
		case DT_RELSZ:		old->size = d->d_un.d_val; break;
		case DT_JMPREL:		lazy->at = at; break;
		case DT_PLTRELSZ:	lazy->size = d->d_un.d_val; break;
			/* clang-format on */
		case DT_PLTREL:
			if (d->d_un.d_val == DT_REL)
				lazy->stride = sizeof(ElfW(Rel));
		}
	}
}

/* Is it a reference to a function of this name that has a version? */
static bool is_sought(const struct search *s, uint32_t symbol)
{
	const struct object *o = s->o;

	return symbol && o->versions && (o->versions[symbol] & 0x7fff) > 1 &&
	       !strcmp(o->strings + o->symbols[symbol].st_name, s->name);
}

/* Until it is bound, it leads into the object itself, and from there to the loader. */
static bool is_bound_to(const struct search *s, uint32_t symbol, uintptr_t word, bool lazy)
{
	if (word == (uintptr_t)s->real)
		return true;
	return lazy && object_holds(s->o, (const void *)word) &&
	       s->o->symbols[symbol].st_shndx == SHN_UNDEF;
}

static bool write_word(const struct object *o, uintptr_t at, uintptr_t word)
{
	uintptr_t mask = ~(uintptr_t)(memory_page() - 1), page = at & mask;
	bool closed = page >= (o->relro & mask) && page < (o->relro_end & mask);

	if (closed &&
	    kernel_call(SYS_mprotect, page, memory_page(), PROT_READ | PROT_WRITE, 0, 0, 0))
		return false;
	__atomic_store_n((uintptr_t *)at, word, __ATOMIC_RELEASE);
	if (closed)
		kernel_call(SYS_mprotect, page, memory_page(), PROT_READ, 0, 0, 0);
	return true;
}

/* The next relocation from *i on that is sought: where its word is. 0: there is none. */
static uintptr_t next_in(const struct search *s, const struct table *t, size_t *i)
{
	while (t->at && *i + t->stride <= t->size) {
		const struct relocation *r = (const struct relocation *)(t->at + *i);
		uintptr_t at = s->o->base + r->offset;
		uint32_t symbol = symbol_of(r->info);

		*i += t->stride;
		if (is_sought(s, symbol) && is_bound_to(s, symbol, *(uintptr_t *)at, t->lazy))
			return at;
	}
	return 0;
}

static bool change_in(const struct search *s, const struct table *t)
{
	bool all = true;
	uintptr_t at;
	size_t i = 0;

	while ((at = next_in(s, t, &i)))
		all &= write_word(s->o, at, (uintptr_t)s->ours);
	return all;
}

/* Most objects have none, and then there is nothing to lock. */
static bool is_any_in(const struct search *s, const struct table *tables)
{
	int i;

	for (i = 0; i < 3; i++) {
		size_t at = 0;

		if (next_in(s, &tables[i], &at))
			return true;
	}
	return false;
}

bool bindings_change(const struct object *o, const char *name, void *real, void *ours)
{
	const struct search s = { .o = o, .name = name, .real = real, .ours = ours };
	struct table tables[3] = { 0 };
	struct signals signals;
	bool all;
	int i;

	if (!o->symbols || !o->strings)
		return true;
	find_tables(o, tables);
	if (!is_any_in(&s, tables))
		return true;
	signals = signals_block(true);
	/* In a child that was forked at the wrong moment it is never free again. */
	for (i = 0; i < LOCK_TRIES && !lock_try(&lock); i++)
		;
	all = i < LOCK_TRIES;
	if (all) {
		for (i = 0; i < 3; i++)
			all &= change_in(&s, &tables[i]);
		lock_give(&lock);
	}
	signals_restore(&signals);
	return all;
}
