/* SPDX-License-Identifier: MIT */
/*
 * A plan for this program, made by hand.
 */
#ifndef UNIT_PLANS_H
#define UNIT_PLANS_H

#include <elf.h>
#include <string.h>

#include "unit.h"

#include "contract/plan.h"
#include "sites/sites.h"

static struct {
	struct plan plan;
	struct plan_site sites[2];
} made;

static struct code program;

static int see_program(struct dl_phdr_info *info, size_t size, void *arg)
{
	struct object o;

	(void)size, (void)arg;
	object_read(&o, info);
	program = (struct code){ .base = info->dlpi_addr,
				 .start = o.start,
				 .end = o.end,
				 .phdr = info->dlpi_phdr,
				 .nr_phdr = info->dlpi_phnum };
	return 1;
}

static inline uint64_t offset_of(uintptr_t address)
{
	unsigned i;

	for (i = 0; i < program.nr_phdr; i++) {
		const ElfW(Phdr) *p = &program.phdr[i];

		if (p->p_type == PT_LOAD && address - program.base - p->p_vaddr < p->p_filesz)
			return address - program.base - p->p_vaddr + p->p_offset;
	}
	return 0;
}

static void seal(unsigned nr)
{
	made.plan.nr_sites = nr;
	made.plan.hash = plan_hash(PLAN_HASH_BEGIN, made.sites, nr * sizeof(made.sites[0]));
}

static void begin_plan(unsigned machine)
{
	dl_iterate_phdr(see_program, NULL);
	memset(&made, 0, sizeof(made));
	memcpy(made.plan.magic, PLAN_MAGIC, sizeof(made.plan.magic));
	made.plan.version = PLAN_VERSION;
	made.plan.machine = machine;
	assert_true(code_key(&program, &made.plan.key));
}

static const struct plan *check(size_t size)
{
	size_t used;
	const struct plan *p = plan_check(&made, size, &used);

	if (p)
		assert_int_equal(used,
				 sizeof(made.plan) + made.plan.nr_sites * sizeof(made.sites[0]));
	return p;
}

#define ONE (sizeof(made.plan) + sizeof(made.sites[0]))

#endif
