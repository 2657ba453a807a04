/* SPDX-License-Identifier: MIT */
/*
 * Finds out which liburing an object calls.
 *
 * The table of callers has no lock, for the same reasons as that of base/libraries.c. A race can at
 * worst let an object be looked up again.
 */
#include "base/arch/arch.h"
#include "base/next.h"

struct caller next_callers[CALLERS_MAX];
static bool filling[CALLERS_MAX]; /* rows of next_callers that a thread is writing */
unsigned next_nr_callers;

static __thread const struct next *on_behalf;

/* One walk through the loaded objects. */
struct walk {
	const void *caller; /* in: an address in the code that called */
	const char *needs;  /* in: the file to find; NULL: any liburing */
	struct object found;
};

static int see_caller(struct dl_phdr_info *info, size_t size, void *arg)
{
	struct walk *w = arg;

	(void)size;
	object_read(&w->found, info);
	return object_holds(&w->found, w->caller);
}

static int see_library(struct dl_phdr_info *info, size_t size, void *arg)
{
	struct walk *w = arg;

	(void)size;
	object_read(&w->found, info);
	return library_is_liburing(&w->found) && (!w->needs || object_is(&w->found, w->needs));
}

/* Claims a free row of the table of callers for this thread. NULL: there is none. */
static struct caller *claim_caller(void)
{
	unsigned i;

	for (i = 0; i < CALLERS_MAX; i++) {
		struct caller *c = &next_callers[i];

		if (c->stays || c->size || __atomic_exchange_n(&filling[i], true, __ATOMIC_ACQUIRE))
			continue;
		if (!c->size)
			return c;
		__atomic_store_n(&filling[i], false, __ATOMIC_RELEASE);
	}
	return NULL;
}

/* Adds an object to the table of callers, so that it need not be looked up again. */
static void remember(const struct object *o, const struct next *next, bool stays)
{
	struct caller *c = next_known((const void *)o->start) ? NULL : claim_caller();
	unsigned nr = __atomic_load_n(&next_nr_callers, __ATOMIC_RELAXED), i;

	if (!c)
		return;
	i = c - next_callers;
	c->start = o->start;
	c->next = next;
	c->stays = stays;
	__atomic_store_n(&c->size, o->end - o->start, __ATOMIC_RELEASE);
	__atomic_store_n(&filling[i], false, __ATOMIC_RELEASE);
	while (nr <= i && !__atomic_compare_exchange_n(&next_nr_callers, &nr, i + 1, true,
						       __ATOMIC_RELEASE, __ATOMIC_RELAXED))
		;
	library_found_for(o, next);
}

static const struct next *library_named(const char *needs)
{
	struct walk w = { .needs = needs };

	return dl_iterate_phdr(see_library, &w) ? library_row(&w.found, false) : NULL;
}

static ARCH_ALIGNS_STACK const struct next *look_for(const void *caller)
{
	struct walk w = { .caller = caller };
	bool found = dl_iterate_phdr(see_caller, &w);
	const char *needs = found ? object_needs(&w.found, LIBURING_VERSIONS) : NULL;
	const struct next *n = NULL;

	if (found && library_is_liburing(&w.found))
		return library_row(&w.found, false);
	if (needs)
		n = library_named(needs);
	if (!n)
		n = library_named(NULL);
	if (n && found && !library_is_us(&w.found))
		remember(&w.found, n, false);
	return n;
}

const struct next *next_on_behalf(const struct next *next)
{
	const struct next *before = on_behalf;

	on_behalf = next;
	return before;
}

const struct next *next_inside(const void *caller)
{
	extern const char __ehdr_start[] __attribute__((visibility("hidden")));
	extern const char _end[] __attribute__((visibility("hidden")));
	uintptr_t at = (uintptr_t)caller;

	if (at - (uintptr_t)__ehdr_start < (uintptr_t)_end - (uintptr_t)__ehdr_start)
		return on_behalf;
	return library_at(caller);
}

const struct next *next_for(const void *caller)
{
	const struct next *n = next_known(caller);

	if (!n)
		n = next_inside(caller);
	if (!n)
		n = look_for(caller);
	return n ? n : &no_library;
}

void next_forget(void)
{
	struct caller *c;

	for (c = next_callers; c < next_callers + CALLERS_MAX; c++)
		if (!c->stays)
			__atomic_store_n(&c->size, 0, __ATOMIC_RELEASE);
	libraries_forget();
}

/* For each object that needs a liburing: remembers the object and that liburing. */
static int note_object(struct dl_phdr_info *info, size_t size, void *arg)
{
	const struct next *n;
	const char *needs;
	struct object o;
	struct walk w;

	(void)size, (void)arg;
	object_read(&o, info);
	needs = object_needs(&o, LIBURING_VERSIONS);
	if (!needs)
		return 0;
	w = (struct walk){ .needs = needs };
	if (!dl_iterate_phdr(see_library, &w))
		return 0;
	n = library_row(&w.found, true);
	if (n)
		remember(&o, n, true);
	return 0;
}

void next_start(void)
{
	libraries_start();
	dl_iterate_phdr(note_object, NULL);
}
