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

#include "base/log.h"
#include "base/next.h"
#include "ring/tag.h"

static struct library {
	void *handle;		/* set last: the entry may be used */
	char name[64];		/* what objects write into DT_NEEDED */
	struct next next;
} libraries[TAG_LIBRARIES];
static unsigned nr_libraries;

/* Which library an object calls, remembered by the name in its DT_NEEDED. */
static struct caller {
	const struct link_map *object;
	const void *dynamic;
	const char *needs;	/* in the object; NULL: it names none */
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

/* Since glibc 2.35, and much faster than dladdr1(), which seeks a symbol. */
static int (*find_object)(void *, struct dl_find_object *);

static const struct link_map *object_of(const void *address)
{
	struct dl_find_object found;
	struct link_map *map = NULL;
	Dl_info info;

	if (find_object)
		return find_object((void *)address, &found) ? NULL : found.dlfo_link_map;
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

/*
 * The function of that library, or of an interposer that stands before it; then
 * *interposed is set.
 */
static void *find_function(void *handle, const char *name, bool *interposed)
{
	void *function = dlsym(RTLD_NEXT, name), *own = dlsym(handle, name);
	const struct link_map *object = function ? object_of(function) : NULL;

	if (object && !is_liburing(object->l_name)) {
		*interposed = true;
		return function;
	}
	return own ? own : function;
}

/* Where the library lies, by what the loader says of one of its own functions. */
static void set_range(struct next *n, void *handle)
{
	void *function = dlsym(handle, "io_uring_queue_exit");
	struct dl_find_object found;

	if (function && find_object && !find_object(function, &found)) {
		n->start = (uintptr_t)found.dlfo_map_start;
		n->end = (uintptr_t)found.dlfo_map_end;
	}
}

static void fill(struct next *n, void *handle, unsigned index)
{
#define X(name) \
	n->name = (__typeof__(name) *)find_function(handle, #name, &n->interposed); \
	if (!n->name) \
		n->name = no_library.name;
	LIBURING_INTERPOSED(X)
#undef X
	set_range(n, handle);
	n->index = index;
	n->version = library_version(handle);
	n->quirks = liburing_quirks(n->version);
	n->known = n->version >= LIBURING_OLDEST && n->version <= LIBURING_NEWEST;
	log_info("found liburing %u.%u%s", n->version / 100, n->version % 100,
		 !n->known ? ", whose rules are not known: its waits stay plain" :
		 n->interposed ? ", behind another interposer: its waits stay plain" : "");
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/*
 * The entry of a library that is found already. It needs no loader: a program's own
 * pending dlerror() would be lost by asking.
 */
static const struct next *known_library(const char *name)
{
	struct library *l;

	for (l = libraries; l < libraries + TAG_LIBRARIES; l++)
		if (__atomic_load_n(&l->handle, __ATOMIC_ACQUIRE) &&
		    !strcmp(l->name, base_name(name)))
			return &l->next;
	return NULL;
}

/* The entry of the library with this name, if it is loaded. */
static const struct next *loaded_library(const char *name)
{
	const struct next *n = known_library(name);
	void *handle = n ? NULL : dlopen(name, RTLD_LAZY | RTLD_NOLOAD);
	unsigned i;

	if (!handle)
		return n;
	i = __atomic_fetch_add(&nr_libraries, 1, __ATOMIC_RELAXED);
	if (i >= TAG_LIBRARIES) {
		dlclose(handle);
		return NULL;
	}
	fill(&libraries[i].next, handle, i);
	strncpy(libraries[i].name, base_name(name), sizeof(libraries[i].name) - 1);
	__atomic_store_n(&libraries[i].handle, handle, __ATOMIC_RELEASE);
	return &libraries[i].next;
}

/* The liburing that an object names in DT_NEEDED, or that it is itself; NULL. */
static const char *name_needed_by(const struct link_map *object)
{
	const char *strings = NULL;
	const ElfW(Dyn) *d;

	if (is_liburing(object->l_name))
		return object->l_name;
	for (d = object->l_ld; d && d->d_tag != DT_NULL; d++)
		if (d->d_tag == DT_STRTAB)
			strings = (const char *)d->d_un.d_ptr;
	/* Most ports of glibc relocate this address in place; some do not. */
	if ((uintptr_t)strings < object->l_addr)
		strings += object->l_addr;
	for (d = object->l_ld; strings && d->d_tag != DT_NULL; d++)
		if (d->d_tag == DT_NEEDED && is_liburing(strings + d->d_un.d_val))
			return strings + d->d_un.d_val;
	return NULL;
}

/* Finds the first liburing there is, without dlopen(), which would search the disk for it. */
static int find_loaded(struct dl_phdr_info *info, size_t size, void *arg)
{
	const char **found = arg;

	(void)size;
	if (!info->dlpi_name || !is_liburing(info->dlpi_name) || known_library(info->dlpi_name))
		return 0;
	*found = info->dlpi_name;
	return 1;
}

/* Enters every liburing that is loaded into the table. */
static void find_all(void)
{
	const char *name;
	unsigned i;

	for (i = 0; i < TAG_LIBRARIES; i++) {
		name = NULL;
		dl_iterate_phdr(find_loaded, &name);
		if (!name || !loaded_library(name))
			break;
	}
}

/* For a caller that names no liburing: what symbol lookup would give it. */
static const struct next *default_library(void)
{
	void *function = dlsym(RTLD_NEXT, "io_uring_queue_exit");
	const struct link_map *object = function ? object_of(function) : NULL;
	const struct next *n = NULL;

	if (object && is_liburing(object->l_name))
		n = loaded_library(object->l_name);
	if (n)
		return n;
	find_all();
	n = known_library("liburing.so.2");
	if (!n)
		n = known_library("liburing-ffi.so.2");
	return n ? n : &no_library;
}

static void remember(const struct link_map *object, const char *needs, const struct next *next)
{
	unsigned i = __atomic_fetch_add(&nr_callers, 1, __ATOMIC_RELAXED);

	if (i >= sizeof(callers) / sizeof(callers[0]))
		return;
	callers[i].object = object;
	callers[i].dynamic = object->l_ld;
	callers[i].needs = needs;
	__atomic_store_n(&callers[i].next, next, __ATOMIC_RELEASE);
}

/*
 * Another object may have been loaded where this one was, even with its structures at
 * the same places; but then it needs another library, or it makes no difference.
 */
static const struct next *remembered(const struct link_map *object, const char *needs)
{
	const struct next *n;
	struct caller *c;

	for (c = callers; c < callers + sizeof(callers) / sizeof(callers[0]); c++) {
		n = __atomic_load_n(&c->next, __ATOMIC_ACQUIRE);
		if (!n)
			break;
		if (c->object != object || c->dynamic != object->l_ld || c->needs != needs)
			continue;
		if (!needs || known_library(needs) == n)
			return n;
	}
	return NULL;
}

static const struct next *find_next(const void *address)
{
	const struct link_map *object = object_of(address);
	const char *needs = object ? name_needed_by(object) : NULL;
	const struct next *n = object ? remembered(object, needs) : NULL;

	if (n)
		return n;
	n = needs ? loaded_library(needs) : NULL;
	if (!n)
		n = default_library();
	if (object && n != &no_library)
		remember(object, needs, n);
	return n;
}

/*
 * What is there from the start is found before the program's own code runs, so that no
 * call of ours comes between its dlsym() and its dlerror().
 */
__attribute__((constructor))
static void find_early(void)
{
	config_load();
	find_object = (int (*)(void *, struct dl_find_object *))dlsym(RTLD_DEFAULT,
								       "_dl_find_object");
	find_all();
	dlerror();
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

unsigned next_count(void)
{
	return __atomic_load_n(&nr_libraries, __ATOMIC_RELAXED);
}

bool next_stays(const void *caller)
{
	const struct link_map *object = object_of(caller), *first = object;

	/* The main program is first in the loader's list, and is never unloaded. */
	while (first && first->l_prev)
		first = first->l_prev;
	return object && (object == first || is_liburing(object->l_name));
}
