/* SPDX-License-Identifier: MIT */
/*
 * Finds out which liburing an object calls, and the functions in it.
 *
 * The tables have no lock: a forked child could inherit it locked, and a signal handler would wait
 * for itself. Rows are filled before they are published. The worst that a race does is a library
 * with two rows, or an object that is looked up again.
 */
#include <string.h>

#include "base/log.h"
#include "base/next.h"
#include "base/objects.h"

#define VERSIONS "LIBURING_" /* how the names of liburing's versions begin, in every release */

enum { FREE, FILLING, IN_USE };

static struct library {
	int state;
	bool stays;
	bool suspect; /* it may be unloaded by now */
	uintptr_t base, start, end;
	const ElfW(Dyn) *dynamic;
	struct next next;
} libraries[LIBRARIES_MAX];

struct caller next_callers[CALLERS_MAX];
static bool filling[CALLERS_MAX]; /* rows of next_callers that somebody is writing */
unsigned next_nr_callers;
bool next_interposed;

/* How many objects were there at the start: the scope that every object's look-ups go through. */
static unsigned nr_at_start;

static __thread const struct next *on_behalf;

/* What stands in where no liburing has such a function. */
static int none(void)
{
	return -EINVAL;
}

static int bare_enter(unsigned fd, unsigned submit, unsigned wait_nr, unsigned flags,
		      sigset_t *mask)
{
	return kernel_enter(fd, submit, wait_nr, flags, (uintptr_t)mask, KERNEL_SIGSET_SIZE);
}

static int bare_enter2(unsigned fd, unsigned submit, unsigned wait_nr, unsigned flags, void *arg,
		       size_t size)
{
	return kernel_enter(fd, submit, wait_nr, flags, (uintptr_t)arg, size);
}

static int bare_register(unsigned fd, unsigned opcode, const void *arg, unsigned nr)
{
	return kernel_register(fd, opcode, arg, nr);
}

static int bare_setup(unsigned entries, struct io_uring_params *p)
{
	return kernel_setup(entries, p);
}

/* clang-format off */
static const struct next no_library = {
#define X(name) .name = (__typeof__(name) *)(void (*)(void))none,
	LIBURING_OF_RINGS(X)
#undef X
	.io_uring_enter = bare_enter,
	.io_uring_enter2 = bare_enter2,
	.io_uring_register = bare_register,
	.io_uring_setup = bare_setup,
};
/* clang-format on */

/* One walk through the loaded objects. */
struct walk {
	const void *caller;	      /* in: whose code this is */
	const char *needs;	      /* in: the file that is sought; NULL: any liburing */
	const struct object *library; /* in: whose functions are sought */
	unsigned index;		      /* of the object that is looked at */
	bool past_us;
	struct object found;
	struct next *next; /* out */
};

static bool is_us(const struct object *o)
{
	return object_holds(o, &no_library);
}

/* We define the same versions ourselves. */
static bool is_liburing(const struct object *o)
{
	return object_defines(o, VERSIONS) && !is_us(o);
}

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
	return is_liburing(&w->found) && (!w->needs || object_is(&w->found, w->needs));
}

/*
 * Between us and the library another preload may stand that wraps its functions: whatever a
 * look-up with liburing's version would find there first.
 */
static int see_interposer(struct dl_phdr_info *info, size_t size, void *arg)
{
	struct walk *w = arg;
	struct object o;
	void *function;

	(void)size;
	if (w->index++ >= nr_at_start)
		return 1;
	object_read(&o, info);
	if (o.base == w->library->base && o.dynamic == w->library->dynamic)
		return 1;
	if (w->past_us && !is_liburing(&o)) {
/* clang-format off */
#define X(name) \
		function = object_unversioned_function(&o, #name); \
		if (function && !w->next->name) { \
			w->next->name = (__typeof__(name) *)function; \
			w->next->interposed = true; \
		}
		LIBURING_INTERPOSED(X)
#undef X
		/* clang-format on */
	}
	w->past_us |= is_us(&o);
	return 0;
}

/*
 * io_uring_major_version() exists since 2.4; before that, the functions that a
 * release brought tell it apart. Only 2.3 matters: what is older passes through.
 */
static unsigned version_of(const struct object *library)
{
	int (*major)(void) = (int (*)(void))object_function(library, "io_uring_major_version");
	int (*minor)(void) = (int (*)(void))object_function(library, "io_uring_minor_version");

	if (major && minor)
		return 100 * major() + minor();
	return object_function(library, "io_uring_setup") ? 203 : 200;
}

static void fill(struct next *n, const struct object *library)
{
	struct walk w = { .library = library, .next = n };

	memset(n, 0, sizeof(*n));
	dl_iterate_phdr(see_interposer, &w);
/* clang-format off */
#define X(name) \
	if (!n->name) \
		n->name = (__typeof__(name) *)object_function(library, #name); \
	if (!n->name) \
		n->name = no_library.name;
	LIBURING_INTERPOSED(X)
#undef X
	/* clang-format on */
	n->version = version_of(library);
	n->quirks = liburing_quirks(n->version);
	n->known = n->version >= LIBURING_OLDEST && n->version <= LIBURING_NEWEST;
	if (n->interposed)
		next_interposed = true;
	log_info("found liburing %u.%u%s", n->version / 100, n->version % 100,
		 !n->known     ? ", whose rules are not known: its waits stay plain" :
		 n->interposed ? ", behind another interposer: its waits stay plain" :
				 "");
}

/* Is this the row of that library, as it is loaded now? */
static bool is_row_of(const struct library *l, const struct object *o)
{
	return __atomic_load_n(&l->state, __ATOMIC_ACQUIRE) == IN_USE && l->base == o->base &&
	       l->dynamic == o->dynamic && l->start == o->start && l->end == o->end;
}

/* A row that is free, or that of a library that may be unloaded. */
static struct library *claim_row(void)
{
	struct library *l;
	int state;

	for (l = libraries; l < libraries + LIBRARIES_MAX; l++) {
		state = FREE;
		if (__atomic_compare_exchange_n(&l->state, &state, FILLING, false, __ATOMIC_ACQ_REL,
						__ATOMIC_RELAXED))
			return l;
	}
	for (l = libraries; l < libraries + LIBRARIES_MAX; l++) {
		state = IN_USE;
		if (!l->stays && l->suspect &&
		    __atomic_compare_exchange_n(&l->state, &state, FILLING, false, __ATOMIC_ACQ_REL,
						__ATOMIC_RELAXED))
			return l;
	}
	return NULL;
}

/* Other threads may be about to call these: where nothing has changed, nothing is written. */
static void refill(struct next *n, const struct object *library)
{
	struct next fresh;

	fill(&fresh, library);
	/* Padding is zero in both. NOLINTNEXTLINE(bugprone-suspicious-memory-comparison) */
	if (memcmp(n, &fresh, sizeof(*n)))
		*n = fresh;
}

/* The library's row; its functions are looked up again where it was suspect. */
static const struct next *row_for(const struct object *o, bool stays)
{
	struct library *l;

	for (l = libraries; l < libraries + LIBRARIES_MAX; l++)
		if (is_row_of(l, o) && !l->suspect) {
			l->stays |= stays;
			return &l->next;
		}
	for (l = libraries; l < libraries + LIBRARIES_MAX; l++)
		if (is_row_of(l, o))
			break;
	if (l == libraries + LIBRARIES_MAX)
		l = claim_row();
	if (!l)
		return NULL;
	l->base = o->base;
	l->dynamic = o->dynamic;
	l->start = o->start;
	l->end = o->end;
	l->stays = stays;
	refill(&l->next, o);
	l->suspect = false;
	__atomic_store_n(&l->state, IN_USE, __ATOMIC_RELEASE);
	return &l->next;
}

/* A free row among the callers, claimed for the calling thread; or NULL. */
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

/* Adds an object to those whose calls need not be looked at again. */
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
}

static const struct next *library_named(const char *needs)
{
	struct walk w = { .needs = needs };

	return dl_iterate_phdr(see_library, &w) ? row_for(&w.found, false) : NULL;
}

static const struct next *look_for(const void *caller)
{
	struct walk w = { .caller = caller };
	bool found = dl_iterate_phdr(see_caller, &w);
	const char *needs = found ? object_needs(&w.found, VERSIONS) : NULL;
	const struct next *n = NULL;

	if (found && is_liburing(&w.found))
		return row_for(&w.found, false);
	if (needs)
		n = library_named(needs);
	if (!n)
		n = library_named(NULL);
	if (n && found && !is_us(&w.found))
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
	const struct library *l;

	if (at - (uintptr_t)__ehdr_start < (uintptr_t)_end - (uintptr_t)__ehdr_start)
		return on_behalf;
	for (l = libraries; l < libraries + LIBRARIES_MAX; l++)
		if (__atomic_load_n(&l->state, __ATOMIC_ACQUIRE) == IN_USE && !l->suspect &&
		    at - l->start < l->end - l->start)
			return &l->next;
	return NULL;
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
	struct library *l;
	struct caller *c;

	for (c = next_callers; c < next_callers + CALLERS_MAX; c++)
		if (!c->stays)
			__atomic_store_n(&c->size, 0, __ATOMIC_RELEASE);
	for (l = libraries; l < libraries + LIBRARIES_MAX; l++)
		if (!l->stays)
			__atomic_store_n(&l->suspect, true, __ATOMIC_RELEASE);
}

static int count_object(struct dl_phdr_info *info, size_t size, void *arg)
{
	(void)info, (void)size, (void)arg;
	nr_at_start++;
	return 0;
}

/* Notes an object that needs a liburing, and that liburing. */
static int note_object(struct dl_phdr_info *info, size_t size, void *arg)
{
	const struct next *n;
	const char *needs;
	struct object o;
	struct walk w;

	(void)size, (void)arg;
	object_read(&o, info);
	needs = object_needs(&o, VERSIONS);
	if (!needs)
		return 0;
	w = (struct walk){ .needs = needs };
	if (!dl_iterate_phdr(see_library, &w))
		return 0;
	n = row_for(&w.found, true);
	if (n)
		remember(&o, n, true);
	return 0;
}

void next_start(void)
{
	dl_iterate_phdr(count_object, NULL);
	dl_iterate_phdr(note_object, NULL);
}
