/* SPDX-License-Identifier: MIT */
/*
 * Looks for a function in the objects behind us, in the order in which the loader looks.
 */
#include <stdbool.h>
#include <stddef.h>

#include "base/arch/arch.h"
#include "base/behind.h"
#include "base/libraries.h"

struct search {
	const char *name;
	bool past_us;
	void *found;
};

static int see(struct dl_phdr_info *info, size_t size, void *arg)
{
	struct search *s = arg;
	struct object o;

	(void)size;
	object_read(&o, info);
	if (s->past_us)
		s->found = object_default_function(&o, s->name);
	s->past_us |= library_is_us(&o);
	return s->found != NULL;
}

ARCH_ALIGNS_STACK void *function_behind_us(const char *name)
{
	struct search s = { .name = name };

	dl_iterate_phdr(see, &s);
	return s.found;
}
