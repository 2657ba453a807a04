/* SPDX-License-Identifier: MIT */
/* What is read from loaded objects, against what the loader says of them. */
#include <stdlib.h>

#include "unit.h"

#include "base/objects.h"
#include "stubs.h"

struct search {
	const char *name; /* the end of its path */
	struct object o;
};

static int see(struct dl_phdr_info *info, size_t size, void *arg)
{
	struct search *s = arg;
	size_t length = strlen(info->dlpi_name), wanted = strlen(s->name);

	(void)size;
	object_read(&s->o, info);
	return length >= wanted && !strcmp(info->dlpi_name + length - wanted, s->name);
}

static bool find(const char *name, struct object *o)
{
	struct search s = { .name = name };
	bool found = dl_iterate_phdr(see, &s);

	*o = s.o;
	return found;
}

static struct object object(const char *name)
{
	struct object o;

	assert_true(find(name, &o));
	return o;
}

/* One has a hash table of GNU's only, the other of the old kind. */
static void functions(void **state)
{
	static const char *const names[] = {
		"io_uring_queue_init",
		"io_uring_wait_cqes",
		"io_uring_setup",
	};
	static const char *const files[] = { "liburing-one.so", "liburing-two.so" };
	unsigned i, f;

	(void)state;
	for (f = 0; f < 2; f++) {
		void *handle = plugin(files[f]);
		struct object o = object(files[f]);

		assert_true(f ? o.sysv_hash && !o.gnu_hash : o.gnu_hash && !o.sysv_hash);
		for (i = 0; i < 3; i++)
			assert_ptr_equal(object_function(&o, names[i]), dlsym(handle, names[i]));
		assert_null(object_function(&o, "io_uring_queue_exit"));
		assert_null(object_function(&o, ""));
		/* Needed of others, not defined. */
		assert_null(object_function(&o, "__cxa_finalize"));
		dlclose(handle);
	}
}

/* Of an object with thousands: none is missed, and of several versions that of dlsym() is found. */
static void all_of_libc(void **state)
{
	struct object o = object("libc.so.6");
	void *handle = dlopen("libc.so.6", RTLD_NOW | RTLD_NOLOAD);
	const ElfW(Sym) *s, *end = (const ElfW(Sym) *)o.strings;
	unsigned n = 0;

	(void)state;
	assert_true((void *)o.symbols < (void *)o.strings);
	for (s = o.symbols; s + 1 <= end; s++) {
		const char *name = o.strings + s->st_name;
		void *found;

		if ((s->st_info & 0xf) != STT_FUNC || s->st_shndx == SHN_UNDEF)
			continue;
		assert_true(object_holds(&o, object_function(&o, name)));
		found = object_default_function(&o, name);
		/* memcpy() of x86-64 is asked for. */
		assert_true(found == dlsym(handle, name) || (!found && !strcmp(name, "memcpy")));
		n++;
	}
	assert_between(n, 1000, 100000);
	dlclose(handle);
}

/* Its dynamic section cannot be written, so the loader leaves offsets in it. */
static void vdso(void **state)
{
	struct object o;
	void *clock;

	(void)state;
	if (!find("vdso.so.1", &o))
		skip();
	clock = object_function(&o, "__vdso_clock_gettime");
	if (!clock)
		clock = object_function(&o, "__kernel_clock_gettime");
	assert_non_null(clock);
	assert_true(object_holds(&o, clock));
	assert_true(object_defines(&o, "LINUX_"));
}

static void versions(void **state)
{
	void *one = plugin("one.so"), *two = plugin("two.so"), *none = plugin("none.so");
	struct object o = object("/liburing-one.so"), caller = object("/two.so");
	struct object alone = object("/none.so"), libc = object("libc.so.6");

	(void)state;
	assert_true(object_defines(&o, "LIBURING_"));
	assert_true(object_defines(&o, "LIBURING_2.3"));
	assert_false(object_defines(&o, "LIBURING_2.4"));
	/* The version that bears the file's name is none. */
	assert_false(object_defines(&o, "liburing-one"));
	assert_false(object_defines(&caller, "LIBURING_"));
	assert_false(object_defines(&libc, "LIBURING_"));
	assert_true(object_defines(&libc, "GLIBC_PRIVATE"));
	assert_string_equal(object_needs(&caller, "LIBURING_"), "liburing-two.so");
	assert_string_equal(object_needs(&caller, "GLIBC_"), "libc.so.6");
	assert_null(object_needs(&o, "LIBURING_"));
	assert_null(object_needs(&alone, "LIBURING_"));
	dlclose(one), dlclose(two), dlclose(none);
}

/* A reference with a version is bound to a definition that has none, but not to another's. */
static void unversioned(void **state)
{
	void *one = plugin("one.so");
	struct object o = object("/liburing-one.so"), caller = object("/one.so");

	(void)state;
	assert_null(object_unversioned_function(&o, "io_uring_queue_init"));
	assert_null(object_unversioned_function(&caller, "io_uring_queue_init"));
	assert_ptr_equal(object_unversioned_function(&caller, "caller_is_here"),
			 dlsym(one, "caller_is_here"));
	dlclose(one);
}

/* By its soname or by its file's name, as the loader does. */
static void is_a_file(void **state)
{
	char soname[] = "liburing-one.so";
	struct object o = { .path = "/lib/other.so.2", .soname = soname };

	(void)state;
	assert_true(object_is(&o, "liburing-one.so"));
	assert_true(object_is(&o, "other.so.2"));
	assert_false(object_is(&o, "other.so"));
	assert_false(object_is(&o, "/lib/other.so.2"));
	o.soname = NULL;
	o.path = "plain.so";
	assert_true(object_is(&o, "plain.so"));
	assert_false(object_is(&o, "liburing-one.so"));
	o.path = ""; /* the main program */
	assert_false(object_is(&o, "liburing-one.so"));
}

static void holds_what_is_mapped(void **state)
{
	struct object o = object("libc.so.6"), nothing = { 0 };

	(void)state;
	assert_true(object_holds(&o, (void *)o.start));
	assert_true(object_holds(&o, (void *)(o.end - 1)));
	assert_false(object_holds(&o, (void *)o.end));
	assert_false(object_holds(&o, (void *)(o.start - 1)));
	assert_true(object_holds(&o, dlsym(RTLD_DEFAULT, "qsort")));
	assert_false(object_holds(&o, (void *)holds_what_is_mapped));
	assert_false(object_holds(&nothing, NULL));
	assert_false(object_holds(&nothing, (void *)-1));
}

/* Nothing to be read, and so nothing found. */
static void without_a_dynamic_section(void **state)
{
	struct dl_phdr_info info = { .dlpi_name = NULL };
	struct object o;

	(void)state;
	object_read(&o, &info);
	assert_string_equal(o.path, "");
	assert_false(object_holds(&o, NULL));
	assert_null(object_function(&o, "qsort"));
	assert_null(object_unversioned_function(&o, "qsort"));
	assert_null(object_default_function(&o, "qsort"));
	assert_null(object_needs(&o, ""));
	assert_false(object_defines(&o, ""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(functions),
		cmocka_unit_test(all_of_libc),
		cmocka_unit_test(vdso),
		cmocka_unit_test(versions),
		cmocka_unit_test(unversioned),
		cmocka_unit_test(is_a_file),
		cmocka_unit_test(holds_what_is_mapped),
		cmocka_unit_test(without_a_dynamic_section),
	};

	stubs_find();
	return cmocka_run_group_tests_name("objects", tests, NULL, NULL);
}
