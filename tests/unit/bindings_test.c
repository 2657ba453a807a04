/* SPDX-License-Identifier: MIT */
/* An object's calls of a function are bound to another one, however they were bound before. */
#include "unit.h"

#include "base/bindings.h"
#include "base/config.h"
#include "base/kernel.h"
#include "stubs.h"

#define FUNCTION "io_uring_queue_init"

static int ours(void)
{
	return -77;
}

struct search {
	const void *address; /* in: of something that the object holds */
	struct object o;
};

static int see(struct dl_phdr_info *info, size_t size, void *arg)
{
	struct search *s = arg;

	(void)size;
	object_read(&s->o, info);
	return object_holds(&s->o, s->address);
}

static struct object object_at(const void *address)
{
	struct search s = { .address = address };

	assert_true(dl_iterate_phdr(see, &s));
	return s.o;
}

static int calls(void *handle)
{
	int (*call)(void) = (int (*)(void))dlsym(handle, "caller_calls");

	return call();
}

static void read_only_is_read_only(const struct object *o)
{
	uintptr_t page = memory_page(), at = o->relro & -page;

	for (; at < (o->relro_end & -page); at += page)
		assert_false(is_writable((void *)at, 16));
}

static void bind_anew(const char *name, int flags, bool called)
{
	void *handle = plugin_if(name, flags | RTLD_LOCAL), *real;
	struct object o;

	assert_non_null(handle);
	o = object_at(dlsym(handle, "caller_is_here"));
	real = dlsym(handle, FUNCTION);
	assert_true(!called || calls(handle) == -1);
	assert_true(bindings_change(&o, FUNCTION, real, (void *)ours));
	assert_int_equal(calls(handle), -77);
	assert_true(bindings_change(&o, FUNCTION, (void *)ours, real));
	assert_int_equal(calls(handle), -1);
	/* One of another name, and one that is bound to something else. */
	assert_true(bindings_change(&o, "io_uring_queue_exit", real, (void *)ours));
	assert_true(bindings_change(&o, FUNCTION, (void *)bind_anew, (void *)ours));
	assert_int_equal(calls(handle), -1);
	read_only_is_read_only(&o);
	dlclose(handle);
}

static void bound_when_it_was_loaded(void **state)
{
	(void)state;
	bind_anew("one.so", RTLD_NOW, false);
}

static void not_bound_yet(void **state)
{
	(void)state;
	bind_anew("one.so", RTLD_LAZY, false);
}

static void bound_by_its_first_call(void **state)
{
	(void)state;
	bind_anew("one.so", RTLD_LAZY, true);
}

/* The loader has made the word read-only. */
static void bound_for_good(void **state)
{
	void *handle = plugin("one-now.so");
	struct object o = object_at(dlsym(handle, "caller_is_here"));

	(void)state;
	assert_true((o.relro & -memory_page()) < (o.relro_end & -memory_page()));
	bind_anew("one-now.so", RTLD_NOW, false);
	dlclose(handle);
}

/* A reference without one is to something else of that name. */
static void needs_a_version(void **state)
{
	void *handle = plugin("one.so");
	struct object o = object_at(dlsym(handle, "caller_is_here"));

	(void)state;
	o.versions = NULL;
	assert_true(bindings_change(&o, FUNCTION, dlsym(handle, FUNCTION), (void *)ours));
	assert_int_equal(calls(handle), -1);
	o.symbols = NULL;
	assert_true(bindings_change(&o, FUNCTION, dlsym(handle, FUNCTION), (void *)ours));
	assert_int_equal(calls(handle), -1);
	dlclose(handle);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bound_when_it_was_loaded), cmocka_unit_test(not_bound_yet),
		cmocka_unit_test(bound_by_its_first_call),  cmocka_unit_test(bound_for_good),
		cmocka_unit_test(needs_a_version),
	};

	stubs_find();
	return cmocka_run_group_tests_name("bindings", tests, NULL, NULL);
}
