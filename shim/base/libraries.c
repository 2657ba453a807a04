/* SPDX-License-Identifier: MIT */
/*
 * The functions of each liburing that is loaded: a row of a table for each library.
 *
 * The table has no lock: a forked child could inherit it locked, and a signal handler could wait
 * for the thread that it interrupted. Rows are filled before they are published. A race can at
 * worst give one library two rows.
 */
#include <string.h>

#include "base/arch/arch.h"
#include "base/libraries.h"
#include "base/log.h"

enum { FREE, FILLING, IN_USE };

static struct library {
	int state;
	bool stays;
	bool suspect; /* it may have been unloaded */
	bool by_sites;
	uintptr_t base, start, end;
	const ElfW(Dyn) *dynamic;
	struct next next;
} libraries[LIBRARIES_MAX];

/* What stands in for some functions; then each row's own are here. */
static const struct stand_in *stand_in;
static struct next reals[LIBRARIES_MAX];

bool next_interposed;

/*
 * How many objects were loaded at the start. These are the global scope, in which the look-ups of
 * all objects begin.
 */
static unsigned nr_at_start;

/* Called in place of a function that no liburing here has. */
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
const struct next no_library = {
#define X(name) .name = (__typeof__(name) *)(void (*)(void))none,
	LIBURING_OF_RINGS(X)
	LIBURING_UNTIMED(X)
#undef X
	.io_uring_enter = bare_enter,
	.io_uring_enter2 = bare_enter2,
	.io_uring_register = bare_register,
	.io_uring_setup = bare_setup,
};
/* clang-format on */

bool library_is_us(const struct object *o)
{
	return object_holds(o, &no_library);
}

/* We define the same versions ourselves. */
bool library_is_liburing(const struct object *o)
{
	return object_defines(o, LIBURING_VERSIONS) && !library_is_us(o);
}

/* A walk through the loaded objects, up to the library whose functions are looked up. */
struct walk {
	const struct object *library;
	unsigned index; /* of the current object */
	bool past_us;
	bool untimed;	   /* those that are never exported are sought, not the others */
	struct next *next; /* out */
};

/*
 * Another preload between us and the library may wrap its functions: it then defines them without a
 * version, and a look-up of liburing's version finds such a definition first.
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
	if (w->past_us && !library_is_liburing(&o)) {
/* clang-format off */
#define X(name) \
		function = object_unversioned_function(&o, #name); \
		if (function && !w->next->name) { \
			w->next->name = (__typeof__(name) *)function; \
			w->next->interposed |= !w->untimed; \
		}
		if (w->untimed) {
			LIBURING_UNTIMED(X)
		} else {
			LIBURING_INTERPOSED(X)
		}
#undef X
		/* clang-format on */
	}
	w->past_us |= library_is_us(&o);
	return 0;
}

/*
 * io_uring_major_version() exists since 2.4. An older release is told by the functions that it has:
 * only 2.3 matters, since the calls of older ones pass through.
 */
static unsigned version_of(const struct object *library)
{
	int (*major)(void) = (int (*)(void))object_function(library, "io_uring_major_version");
	int (*minor)(void) = (int (*)(void))object_function(library, "io_uring_minor_version");

	if (major && minor)
		return 100 * major() + minor();
	return object_function(library, "io_uring_setup") ? 203 : 200;
}

static ARCH_ALIGNS_STACK void fill(struct next *n, const struct object *library, bool by_sites)
{
	struct walk w = { .library = library, .next = n };

	memset(n, 0, sizeof(*n));
	n->by_sites = by_sites;
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
		 n->by_sites   ? ": what reaches us are its system calls" :
		 !n->known     ? ", whose rules are not known: its waits stay plain" :
		 n->interposed ? ", behind another interposer: its waits stay plain" :
				 "");
}

void libraries_stand_in(const struct stand_in *ours)
{
	stand_in = ours;
}

/* An untimed wait that another preload wraps stays with it. */
static ARCH_ALIGNS_STACK void find_untimed(struct next *n, const struct object *library)
{
	struct walk w = { .library = library, .next = n, .untimed = true };

	dl_iterate_phdr(see_interposer, &w);
/* clang-format off */
#define X(name) \
	n->name = n->name ? NULL : (__typeof__(name) *)object_function(library, #name);
	LIBURING_UNTIMED(X)
#undef X
	/* clang-format on */
}

/* An enter that has been counted goes to the kernel: by the library's own it would come by again. */
static void put_bare_enters(struct next *n)
{
	n->io_uring_enter = no_library.io_uring_enter;
	n->io_uring_enter2 = no_library.io_uring_enter2;
}

/* What a library lacks it goes on lacking. */
static void put_ours(struct next *n)
{
	const struct next *ours = &stand_in->functions;

/* clang-format off */
#define X(name) \
	if (ours->name && n->name && n->name != no_library.name) \
		n->name = ours->name;
	if (n->known && !n->interposed && n->version < stand_in->below) {
		LIBURING_OF_RINGS(X)
		LIBURING_UNTIMED(X)
	}
	LIBURING_BARE(X)
#undef X
	/* clang-format on */
}

/* Is this the row of that library, and is the library still the one that was loaded then? */
static bool is_row_of(const struct library *l, const struct object *o)
{
	return __atomic_load_n(&l->state, __ATOMIC_ACQUIRE) == IN_USE && l->base == o->base &&
	       l->dynamic == o->dynamic && l->start == o->start && l->end == o->end;
}

static struct library *find_row(const struct object *o)
{
	struct library *l;

	for (l = libraries; l < libraries + LIBRARIES_MAX; l++)
		if (is_row_of(l, o))
			return l;
	return NULL;
}

/* A free row, or the row of a library that may have been unloaded. */
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

/* Other threads may be about to call these functions, so a row is written only if it changes. */
static void write_changed(struct next *to, const struct next *from)
{
	/* Padding is zero in both. NOLINTNEXTLINE(bugprone-suspicious-memory-comparison) */
	if (memcmp(to, from, sizeof(*to)))
		*to = *from;
}

static void refill(struct library *l, const struct object *library)
{
	struct next *real = &reals[l - libraries], fresh;

	fill(&fresh, library, l->by_sites);
	if (l->by_sites)
		put_bare_enters(&fresh);
	if (stand_in) {
		find_untimed(&fresh, library);
		write_changed(real, &fresh);
		put_ours(&fresh);
		fresh.real = real;
	}
	write_changed(&l->next, &fresh);
}

void library_found_for(const struct object *o, const struct next *next)
{
	if (stand_in)
		stand_in->found(o, next);
}

const struct next *library_row(const struct object *o, bool stays)
{
	struct library *l = find_row(o);

	if (l && !l->suspect) {
		/* Threads may come here at the same time. */
		if (stays)
			__atomic_store_n(&l->stays, true, __ATOMIC_RELAXED);
		return &l->next;
	}
	if (!l)
		l = claim_row();
	if (!l)
		return NULL;
	l->base = o->base;
	l->dynamic = o->dynamic;
	l->start = o->start;
	l->end = o->end;
	l->stays = stays;
	refill(l, o);
	library_found_for(o, &l->next);
	l->suspect = false;
	__atomic_store_n(&l->state, IN_USE, __ATOMIC_RELEASE);
	return &l->next;
}

static int see_needer(struct dl_phdr_info *info, size_t size, void *library)
{
	const char *needs;
	struct object o;

	(void)size;
	object_read(&o, info);
	needs = object_needs(&o, LIBURING_VERSIONS);
	return needs && object_is(library, needs);
}

ARCH_ALIGNS_STACK bool library_is_by_names(const struct object *o, bool counted, bool stays)
{
	const struct next *next;

	if (counted && find_row(o))
		return true;
	next = library_row(o, stays);
	return !next || next->interposed || (next->known && dl_iterate_phdr(see_needer, (void *)o));
}

void library_set_by_sites(const struct object *o, bool by_sites)
{
	struct library *l = find_row(o);

	if (!l || l->by_sites == by_sites)
		return;
	l->by_sites = by_sites;
	refill(l, o);
}

const struct next *library_at(const void *address)
{
	const struct library *l;

	for (l = libraries; l < libraries + LIBRARIES_MAX; l++)
		if (__atomic_load_n(&l->state, __ATOMIC_ACQUIRE) == IN_USE && !l->suspect &&
		    (uintptr_t)address - l->start < l->end - l->start)
			return &l->next;
	return NULL;
}

void libraries_forget(void)
{
	struct library *l;

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

void libraries_start(void)
{
	dl_iterate_phdr(count_object, NULL);
}
