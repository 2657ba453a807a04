/* SPDX-License-Identifier: MIT */
/*
 * Finds liburing at run time.
 *
 * RTLD_NEXT alone will not do: for a library that a plugin brought along with
 * RTLD_LOCAL it gives NULL, and with two liburings in the process it gives the
 * first one to a caller that was linked with the second. So the caller's own
 * DT_NEEDED is asked first. RTLD_NEXT still decides where it finds another
 * interposer behind us.
 *
 * A library that was found is never let go: its functions are kept in a table,
 * and dlclose() of the plugin that brought it must not pull them away.
 *
 * The tables only grow and have no lock. One would have to be held around
 * dlopen(), which takes the loader's, which a constructor that makes a ring
 * already holds; and a forked child could inherit it locked. The worst that a
 * race does is an entry that stands twice.
 */
#include <dlfcn.h>
#include <link.h>
#include <string.h>

#include "log.h"
#include "next.h"
#include "tag.h"

static struct library {
	void *handle;		/* set last: the entry may be used */
	struct next next;
} libraries[TAG_LIBRARIES];
static unsigned nr_libraries;

/* Which library an object calls, remembered. */
static struct caller {
	const struct link_map *object;
	const void *dynamic;
	const struct next *next;	/* set last */
} callers[32];
static unsigned nr_callers;

static int missing(void)
{
	return -ENOSYS;
}

/* Stands in for functions that a liburing does not have. */
static const struct next no_library = {
#define X(name) .name = (__typeof__(name) *)(void (*)(void))missing,
	LIBURING_INTERPOSED(X)
#undef X
};

static const struct link_map *object_of(const void *address)
{
	static int (*find)(void *, struct dl_find_object *);
	struct dl_find_object found;
	struct link_map *map = NULL;
	Dl_info info;

	/* Since glibc 2.35, and much faster than dladdr1(), which seeks a symbol. */
	if (!find)
		find = (int (*)(void *, struct dl_find_object *))dlsym(RTLD_DEFAULT,
								       "_dl_find_object");
	if (find)
		return find((void *)address, &found) ? NULL : found.dlfo_link_map;
	return dladdr1(address, &info, (void **)&map, RTLD_DL_LINKMAP) ? map : NULL;
}

static bool is_liburing(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;

	return !strncmp(name, "liburing.so", 11) || !strncmp(name, "liburing-ffi.so", 15);
}

/*
 * io_uring_major_version() exists since 2.4; before that, the functions that a
 * release brought tell it apart. Only 2.3 matters: what is older passes through.
 */
static unsigned library_version(void *handle)
{
	int (*major)(void) = (int (*)(void))dlsym(handle, "io_uring_major_version");
	int (*minor)(void) = (int (*)(void))dlsym(handle, "io_uring_minor_version");

	if (major && minor)
		return 100 * major() + minor();
	return dlsym(handle, "io_uring_setup") ? 203 : 200;
}

/* The function of that library, or of an interposer that stands before it. */
static void *find_function(void *handle, const char *name)
{
	void *function = dlsym(RTLD_NEXT, name);
	const struct link_map *object = function ? object_of(function) : NULL;

	if (object && !is_liburing(object->l_name))
		return function;
	return dlsym(handle, name);
}

static void fill(struct next *n, void *handle, unsigned index)
{
#define X(name) \
	n->name = (__typeof__(name) *)find_function(handle, #name); \
	if (!n->name) \
		n->name = no_library.name;
	LIBURING_INTERPOSED(X)
#undef X
	n->index = index;
	n->version = library_version(handle);
	n->quirks = liburing_quirks(n->version);
	n->known = n->version >= LIBURING_OLDEST && n->version <= LIBURING_NEWEST;
	log_info("found liburing %u.%u%s", n->version / 100, n->version % 100,
		 n->known ? "" : ", whose rules are not known: its waits stay plain");
}

/* The entry of the library with this name, if it is loaded. */
static const struct next *loaded_library(const char *name)
{
	void *handle = dlopen(name, RTLD_LAZY | RTLD_NOLOAD);
	struct library *l;
	unsigned i;

	if (!handle)
		return NULL;
	for (l = libraries; l < libraries + TAG_LIBRARIES; l++) {
		if (__atomic_load_n(&l->handle, __ATOMIC_ACQUIRE) != handle)
			continue;
		dlclose(handle);
		return &l->next;
	}
	i = __atomic_fetch_add(&nr_libraries, 1, __ATOMIC_RELAXED);
	if (i >= TAG_LIBRARIES) {
		dlclose(handle);
		return NULL;
	}
	fill(&libraries[i].next, handle, i);
	__atomic_store_n(&libraries[i].handle, handle, __ATOMIC_RELEASE);
	return &libraries[i].next;
}

/* The liburing that an object names in DT_NEEDED, or that it is itself. */
static const struct next *needed_by(const struct link_map *object)
{
	const struct next *n = NULL;
	const char *strings = NULL;
	const ElfW(Dyn) *d;

	if (is_liburing(object->l_name))
		return loaded_library(object->l_name);
	for (d = object->l_ld; d && d->d_tag != DT_NULL; d++)
		if (d->d_tag == DT_STRTAB)
			strings = (const char *)d->d_un.d_ptr;
	/* Most ports of glibc relocate this address in place; some do not. */
	if ((uintptr_t)strings < object->l_addr)
		strings += object->l_addr;
	for (d = object->l_ld; !n && strings && d->d_tag != DT_NULL; d++)
		if (d->d_tag == DT_NEEDED && is_liburing(strings + d->d_un.d_val))
			n = loaded_library(strings + d->d_un.d_val);
	return n;
}

/* For a caller that names no liburing: what symbol lookup would give it. */
static const struct next *default_library(void)
{
	void *function = dlsym(RTLD_NEXT, "io_uring_queue_exit");
	const struct link_map *object = function ? object_of(function) : NULL;
	const struct next *n = NULL;

	if (object && is_liburing(object->l_name))
		n = loaded_library(object->l_name);
	if (!n)
		n = loaded_library("liburing.so.2");
	if (!n)
		n = loaded_library("liburing-ffi.so.2");
	return n ? n : &no_library;
}

static void remember(const struct link_map *object, const struct next *next)
{
	unsigned i = __atomic_fetch_add(&nr_callers, 1, __ATOMIC_RELAXED);

	if (i >= sizeof(callers) / sizeof(callers[0]))
		return;
	callers[i].object = object;
	callers[i].dynamic = object->l_ld;
	__atomic_store_n(&callers[i].next, next, __ATOMIC_RELEASE);
}

static const struct next *find_next(const void *address)
{
	const struct link_map *object = object_of(address);
	const struct next *n;
	struct caller *c;

	if (!object)
		return default_library();
	for (c = callers; (n = __atomic_load_n(&c->next, __ATOMIC_ACQUIRE)); c++)
		if (c->object == object && c->dynamic == object->l_ld)
			return n;
		else if (c + 1 == callers + sizeof(callers) / sizeof(callers[0]))
			break;
	n = needed_by(object);
	if (!n)
		n = default_library();
	if (n != &no_library)
		remember(object, n);
	return n;
}

const struct next *next_for(const void *caller)
{
	int saved = errno;
	const struct next *n = find_next(caller);

	errno = saved;
	return n;
}

const struct next *next_by_index(unsigned index)
{
	if (index >= TAG_LIBRARIES || !__atomic_load_n(&libraries[index].handle, __ATOMIC_ACQUIRE))
		return NULL;
	return &libraries[index].next;
}
