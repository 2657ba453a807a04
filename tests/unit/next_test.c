/* SPDX-License-Identifier: MIT */
/*
 * Finding liburing: with none in the process, then with one that came by
 * dlopen(), as a plugin's does. This program is not linked with it.
 */
#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>

#include "unit.h"

#include "base/next.h"

static void *liburing;

static const void *here(void)
{
	return __builtin_return_address(0);
}

static void without_any(void **state)
{
	const struct next *n;
	struct io_uring ring;

	(void)state;
	errno = 4242;
	n = next_for(here());
	assert_int_equal(errno, 4242);
	assert_non_null(n);
	assert_false(n->known);
	assert_int_equal(n->io_uring_queue_init(8, &ring, 0), -ENOSYS);
	assert_int_equal(n->io_uring_wait_cqe_timeout(&ring, NULL, NULL), -ENOSYS);
	n->io_uring_queue_exit(&ring);
	assert_null(next_by_index(0));
}

static void strange_addresses(void **state)
{
	static int data;
	int stack;

	(void)state;
	assert_non_null(next_for(NULL));
	assert_non_null(next_for(&data));
	assert_non_null(next_for(&stack));
	assert_non_null(next_for((void *)-1));
}

static void loaded_later(void **state)
{
	const struct next *n;

	(void)state;
	liburing = dlopen("liburing.so.2", RTLD_NOW | RTLD_LOCAL);
	if (!liburing)
		skip();
	n = next_for(here());
	assert_true(n->known);
	assert_in_range(n->version, LIBURING_OLDEST, LIBURING_NEWEST);
	assert_int_equal(n->quirks, liburing_quirks(n->version));
	assert_ptr_equal(next_by_index(n->index), n);
	assert_ptr_equal(n->io_uring_queue_init, dlsym(liburing, "io_uring_queue_init"));
	assert_ptr_equal(n->io_uring_wait_cqes, dlsym(liburing, "io_uring_wait_cqes"));
	/* The same answer again, and for everybody who has no other. */
	assert_ptr_equal(next_for(here()), n);
	assert_ptr_equal(next_for((void *)malloc), n);
}

/* liburing calls its own exported functions: then the caller is the library. */
static void asked_by_the_library(void **state)
{
	const struct next *n;

	(void)state;
	if (!liburing)
		skip();
	n = next_for(dlsym(liburing, "io_uring_queue_init"));
	assert_ptr_equal(n, next_for(here()));
}

static void what_it_lacks(void **state)
{
	const struct next *n = next_for(here());
	struct io_uring ring = { .ring_fd = -1 };

	(void)state;
	if (!liburing)
		skip();
	if (dlsym(liburing, "io_uring_resize_rings"))
		skip();
	assert_int_equal(n->io_uring_resize_rings(&ring, NULL), -ENOSYS);
}

/* Whoever let it in may let it go; who found it holds it. */
static void held(void **state)
{
	const struct next *n = next_for(here());
	void *f = n->io_uring_queue_init;
	Dl_info info;

	(void)state;
	if (!liburing)
		skip();
	dlclose(liburing);
	assert_int_not_equal(dladdr(f, &info), 0);
	assert_ptr_equal(next_for(here()), n);
	liburing = NULL;
}

static void no_such_index(void **state)
{
	(void)state;
	assert_null(next_by_index(5));
	assert_null(next_by_index(16));
	assert_null(next_by_index(-1U));
}

static void *ask(void *arg)
{
	(void)arg;
	return (void *)next_for(here());
}

static void asked_by_many(void **state)
{
	pthread_t t[8];
	void *n;
	int i;

	(void)state;
	for (i = 0; i < 8; i++)
		assert_int_equal(pthread_create(&t[i], NULL, ask, NULL), 0);
	for (i = 0; i < 8; i++) {
		pthread_join(t[i], &n);
		assert_ptr_equal(n, next_for(here()));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_any),
		cmocka_unit_test(strange_addresses),
		cmocka_unit_test(loaded_later),
		cmocka_unit_test(asked_by_the_library),
		cmocka_unit_test(what_it_lacks),
		cmocka_unit_test(asked_by_many),
		cmocka_unit_test(held),
		cmocka_unit_test(no_such_index),
	};

	return cmocka_run_group_tests_name("next", tests, NULL, NULL);
}
