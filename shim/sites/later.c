/* SPDX-License-Identifier: MIT */
/*
 * Patches what is loaded later.
 *
 * dlopen() itself cannot be wrapped: it searches where its caller says, and a wrapper is another
 * caller. But whatever was opened is called only when dlsym() has found something in it. So dlsym() is
 * where we look what is new, before it goes on by a jump, which leaves its caller what it was. Calls of
 * it are bound to us only with REGWAIT_SITES (base/bindings.h).
 *
 * What is unloaded takes its trampolines with it.
 */
#include "base/arch/arch.h"

#if ARCH_HAS_SITES

#include <dlfcn.h>
#include <limits.h>
#include <string.h>
#include <sys/mman.h>

#include "base/bindings.h"
#include "base/config.h"
#include "base/libraries.h"
#include "base/lock.h"
#include "base/signals.h"
#include "process/process.h"
#include "sites/sites.h"

#define LATER_MAX 64

/*
 * What calls of dlsym() are bound to must be no caller of it, and so must end in a jump. Without such
 * jumps, what is loaded later is left alone.
 */
#if defined(__OPTIMIZE__) && !defined(__SANITIZE_THREAD__)
#define CALLS_ARE_JUMPS 1
#else
#define CALLS_ARE_JUMPS 0
#endif

/* An object that was loaded later. base 0: a free row. */
static struct later {
	uintptr_t base;
	struct patched done;
	bool there;
	struct plan_key key;
} laters[LATER_MAX];

static struct {
	struct lock lock;
	unsigned nr_at_start;
	unsigned long long nr_loaded; /* as the loader counts, when we looked last */
	char plans[PATH_MAX];
} later;

struct walk {
	unsigned index;
	struct patching how;
};

static void *look_and_find(void *handle, const char *name);

static bool is_still(const struct later *l, const struct code *c, const struct plan_key *key)
{
	/* It may have been unloaded and loaded again meanwhile. */
	return l->base == c->start && plan_key_equal(&l->key, key) &&
	       (!l->done.run || !memcmp(l->done.run, &l->done.jump, sizeof(l->done.jump)));
}

static void forget(struct later *l)
{
	if (l->done.memory)
		munmap(l->done.memory, l->done.size);
	memset(l, 0, sizeof(*l));
}

static void forget_unloaded(void)
{
	struct later *l;

	for (l = laters; l < laters + LATER_MAX; l++)
		if (l->base && !l->there)
			forget(l);
}

/* What is known of an object, or a free row. NULL: there is none. */
static struct later *row_of(const struct code *c, const struct plan_key *key)
{
	struct later *l, *row = NULL;

	for (l = laters; l < laters + LATER_MAX; l++) {
		if (l->base == c->start && !is_still(l, c, key))
			forget(l);
		if (l->base == c->start)
			return l;
		if (!l->base && !row)
			row = l;
	}
	return row;
}

static void bind(const struct object *o)
{
	bindings_change(o, "dlsym", (void *)dlsym, (void *)look_and_find);
}

static int see_later(struct dl_phdr_info *info, size_t size, void *walk)
{
	struct walk *w = walk;
	struct plan_key key;
	struct object o;
	struct later *l;
	struct code c;

	(void)size;
	if (w->index++ < later.nr_at_start)
		return 0;
	object_read(&o, info);
	code_of(&c, &o, info);
	if (!code_key(&c, &key))
		return 0;
	l = row_of(&c, &key);
	if (!l)
		return 0;
	if (!l->base) {
		w->how.done = (struct patched){ 0 };
		object_patch(&o, &c, &key, &w->how);
		bind(&o);
		*l = (struct later){ .base = c.start, .key = key, .done = w->how.done };
	}
	l->there = true;
	return 0;
}

static void look(void)
{
	struct plans plans = { .dir = -1 };
	struct walk w = { .how = { .plans = &plans, .later = true } };
	enum site_reason why = plans_open(&plans, later.plans);
	size_t i;

	for (i = 0; i < LATER_MAX; i++)
		laters[i].there = false;
	if (!sites_have_one_thread())
		w.how.why = SITE_THREADS;
	if (!why)
		dl_iterate_phdr(see_later, &w);
	if (!why)
		forget_unloaded();
	plans_close(&plans);
	sites_publish();
}

static int see_number(struct dl_phdr_info *info, size_t size, void *nr)
{
	(void)size;
	*(unsigned long long *)nr = info->dlpi_adds;
	return 1;
}

static unsigned long long loaded(void)
{
	unsigned long long nr = 0;

	dl_iterate_phdr(see_number, &nr);
	return nr;
}

/* A child that was forked while another thread looked never looks again. */
static __attribute__((noinline, cold)) void look_at_new(unsigned long long nr)
{
	struct signals signals = signals_block(true);
	int saved = errno;

	if (lock_try(&later.lock)) {
		if (later.nr_loaded != nr)
			look();
		later.nr_loaded = nr;
		lock_give(&later.lock);
	}
	signals_restore(&signals);
	errno = saved;
}

static void *look_and_find(void *handle, const char *name)
{
	unsigned long long nr = loaded();

	if (__atomic_load_n(&later.nr_loaded, __ATOMIC_RELAXED) != nr && !process_sandboxed)
		look_at_new(nr);
	return dlsym(handle, name);
}

static int see_at_start(struct dl_phdr_info *info, size_t size, void *unused)
{
	struct object o;

	(void)size, (void)unused;
	object_read(&o, info);
	if (!library_is_us(&o))
		bind(&o);
	later.nr_at_start++;
	return 0;
}

/* The environment is the program's to change, and so is its directory. */
static bool keep(const char *path)
{
	size_t at = 0, length = strlen(path);

	if (*path != '/') {
		if (!getcwd(later.plans, sizeof(later.plans)))
			return false;
		at = strlen(later.plans);
		later.plans[at++] = '/';
	}
	if (length >= sizeof(later.plans) - at)
		return false;
	memcpy(later.plans + at, path, length + 1);
	return true;
}

void later_start(const char *path)
{
	if (!CALLS_ARE_JUMPS || !keep(path))
		return;
	later.nr_loaded = loaded();
	dl_iterate_phdr(see_at_start, NULL);
}

#endif
