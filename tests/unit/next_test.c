/* SPDX-License-Identifier: MIT */
/*
 * Finding liburing: with none in the process, then with two that plugins brought along. This
 * program is not linked with any; it exports what the library does, and so is "us".
 */
#include <pthread.h>
#include <stdlib.h>

#include "unit.h"

#include "base/next.h"
#include "mallocs.h"
#include "stubs.h"

#define ROUNDS 30000 /* of what races */

static struct io_uring ring = { .ring_fd = -1 };

/* Some code of the plugin's. */
static const void *in(void *handle)
{
	return dlsym(handle, "caller_is_here");
}

/* Through our own function, as the loader bound it. */
static int calls(void *handle)
{
	int (*call)(void) = (int (*)(void))dlsym(handle, "caller_calls");

	return call();
}

static int answer(const struct next *n)
{
	return n->io_uring_queue_init(8, &ring, 0);
}

/* The bare calls are the kernel's; the others are not possible. */
static void nothing_is_there(const struct next *n)
{
	struct io_uring_params p = { .flags = -1U };

	assert_false(n->known);
	assert_int_equal(n->version, 0);
	assert_int_equal(n->io_uring_queue_init(8, &ring, 0), -EINVAL);
	assert_int_equal(n->io_uring_wait_cqe_timeout(&ring, NULL, NULL), -EINVAL);
	assert_int_equal(n->io_uring_resize_rings(&ring, NULL), -EINVAL);
	assert_int_equal(n->io_uring_setup(8, &p), kernel_setup(8, &p));
	assert_int_equal(n->io_uring_enter(-1U, 0, 0, 0, NULL), kernel_enter(-1, 0, 0, 0, 0, 0));
	assert_int_equal(n->io_uring_enter2(-1U, 0, 0, 0, NULL, 0),
			 kernel_enter(-1, 0, 0, 0, 0, 0));
	assert_int_equal(n->io_uring_register(-1U, 0, NULL, 0), kernel_register(-1, 0, NULL, 0));
}

static void without_any(void **state)
{
	void *none = plugin("none.so");

	(void)state;
	nothing_is_there(next_for(in(none)));
	/* Nor did it find ourselves. */
	nothing_is_there(next_for((void *)without_any));
	dlclose(none);
}

static void strange_addresses(void **state)
{
	static int data;
	int stack;

	(void)state;
	nothing_is_there(next_for(NULL));
	nothing_is_there(next_for(&data));
	nothing_is_there(next_for(&stack));
	nothing_is_there(next_for((void *)-1));
}

/* Each goes to the liburing that it was linked with. */
static void needs_decide(void **state)
{
	void *one = plugin("one.so"), *two = plugin("two.so"), *more = plugin("two-more.so");
	void *none = plugin("none.so");
	const struct next *n1 = next_for(in(one)), *n2 = next_for(in(two));

	(void)state;
	assert_int_equal(answer(n1), -1);
	assert_int_equal(answer(n2), -2);
	assert_int_equal(n1->version, 215);
	assert_int_equal(n2->version, 203);
	assert_true(n1->known && n2->known && !n1->interposed && !n2->interposed);
	assert_int_equal(n2->quirks, liburing_quirks(203));
	assert_ptr_equal(next_for(in(more)), n2);
	/* Known from then on, to those that need it. */
	assert_ptr_equal(next_known(in(one)), n1);
	assert_ptr_equal(next_known(in(two)), n2);
	assert_ptr_equal(next_for(in(two)), n2);
	/* Who needs none was handed a pointer: to the first there is, but never to us. */
	assert_int_equal(answer(next_for(in(none))), -1);
	assert_int_equal(calls(two), -2);
	assert_int_equal(calls(one), -1);
	dlclose(one), dlclose(two), dlclose(more), dlclose(none);
}

static void what_it_lacks(void **state)
{
	void *two = plugin("two.so");
	const struct next *n = next_for(in(two));

	(void)state;
	assert_int_equal(n->io_uring_setup(8, NULL), -2);
	assert_int_equal(n->io_uring_resize_rings(&ring, NULL), -EINVAL);
	assert_int_equal(n->io_uring_register(-1U, 0, NULL, 0), kernel_register(-1, 0, NULL, 0));
	dlclose(two);
}

static int our_init(unsigned entries, struct io_uring *r, unsigned flags)
{
	(void)entries, (void)r, (void)flags;
	return -50;
}

static int our_resize(struct io_uring *r, struct io_uring_params *p)
{
	(void)r, (void)p;
	return -51;
}

static int our_setup(unsigned entries, struct io_uring_params *p)
{
	(void)entries, (void)p;
	return -52;
}

static unsigned nr_found;

static void found(const struct object *o, const struct next *n)
{
	assert_non_null(n->real);
	nr_found += !strstr(o->path, "none.so");
}

/* Of an older library all that it has; of a newer one the bare calls; its own are kept. */
static void others_stand_in(void **state)
{
	static const struct stand_in ours = {
		.functions = {
			.io_uring_queue_init = our_init,
			.io_uring_resize_rings = our_resize,
			.io_uring_setup = our_setup,
		},
		.below = 210,
		.found = found,
	};
	void *one = plugin("one.so"), *two = plugin("two.so");
	const struct next *n1, *n2;

	(void)state;
	next_forget();
	libraries_stand_in(&ours);
	n1 = next_for(in(one)), n2 = next_for(in(two));
	assert_int_equal(answer(n1), -1);
	assert_int_equal(answer(n2), -50);
	assert_int_equal(n1->io_uring_setup(8, NULL), -52);
	assert_int_equal(n2->io_uring_setup(8, NULL), -52);
	assert_int_equal(n2->io_uring_resize_rings(&ring, NULL), -EINVAL);
	assert_int_equal(answer(n1->real), -1);
	assert_int_equal(answer(n2->real), -2);
	assert_int_equal(n2->real->io_uring_setup(8, NULL), -2);
	/* Two libraries, and two callers. */
	assert_int_equal(nr_found, 4);
	libraries_stand_in(NULL);
	next_forget();
	assert_int_equal(answer(next_for(in(two))), -2);
	assert_null(next_for(in(two))->real);
	dlclose(one), dlclose(two);
	next_forget();
}

/* liburing calls its own exported functions, or jumps from one to another through us. */
static void asked_from_inside(void **state)
{
	void *two = plugin("two.so");
	const struct next *n = next_for(in(two));

	(void)state;
	assert_ptr_equal(next_inside((void *)n->io_uring_queue_init), n);
	assert_ptr_equal(next_for((void *)n->io_uring_queue_init), n);
	assert_null(next_inside(in(two)));
	assert_null(next_inside((void *)asked_from_inside));
	assert_null(next_on_behalf(n));
	assert_ptr_equal(next_inside((void *)asked_from_inside), n);
	assert_ptr_equal(next_on_behalf(NULL), n);
	assert_null(next_inside((void *)asked_from_inside));
	dlclose(two);
}

/* It may be asked anywhere: in a signal handler, by who is about to look at errno. */
static void touches_nothing(void **state)
{
	void *two = plugin("two.so"), *none = plugin("none.so");
	const void *callers[] = { in(two), in(none), NULL, (void *)touches_nothing };
	unsigned i;

	(void)state;
	for (i = 0; i < 4; i++) {
		next_forget();
		dlsym(two, "there_is_no_such_function");
		errno = 4242;
		mallocs = 0;
		next_for(callers[i]);
		assert_int_equal(mallocs, 0);
		assert_int_equal(errno, 4242);
		assert_non_null(dlerror());
	}
	dlclose(two), dlclose(none);
}

static bool is_loaded(const char *name)
{
	void *handle = plugin_if(name, RTLD_NOW | RTLD_NOLOAD);

	if (handle)
		dlclose(handle);
	return handle;
}

/*
 * No handle is held: what the plugin brought goes with it. The next one is mapped in its place,
 * and is not taken for it.
 */
static void goes_with_its_plugin(void **state)
{
	const void *place[2];
	unsigned i, same = 0;

	(void)state;
	for (i = 0; i < 20; i++) {
		void *handle = plugin(i % 2 ? "one.so" : "two.so");
		const void *caller = in(handle);

		same += i && caller == place[!(i % 2)];
		place[i % 2] = caller;
		assert_int_equal(answer(next_for(caller)), i % 2 ? -1 : -2);
		assert_int_equal(calls(handle), i % 2 ? -1 : -2);
		dlclose(handle);
		assert_false(is_loaded("liburing-one.so") || is_loaded("liburing-two.so"));
		assert_null(next_known(caller));
		nothing_is_there(next_for(caller));
	}
	if (!same)
		print_message("never in the same place: this could not be tried\n");
}

/* A copy of a plugin, under a name of its own. */
static void *copy(const char *dir, unsigned nr, char *path, size_t size)
{
	char command[2 * sizeof(stubs)];

	snprintf(path, size, "%s/%u.so", dir, nr);
	snprintf(command, sizeof(command), "cp '%s/two.so' '%s'", stubs, path);
	assert_int_equal(system(command), 0);
	return dlopen(path, RTLD_NOW | RTLD_LOCAL);
}

/* Those beyond the table are looked up each time, and are served. */
static void more_callers_than_remembered(void **state)
{
	char dir[] = "/tmp/next-test-XXXXXX", path[64];
	void *two = plugin("two.so"), *copies[CALLERS_MAX + 4];
	unsigned i;

	(void)state;
	assert_non_null(mkdtemp(dir));
	for (i = 0; i < CALLERS_MAX + 4; i++) {
		copies[i] = copy(dir, i, path, sizeof(path));
		unlink(path);
		assert_non_null(copies[i]);
		assert_int_equal(calls(copies[i]), -2);
	}
	rmdir(dir);
	for (i = 0; i < CALLERS_MAX + 4; i++) {
		assert_int_equal(calls(copies[i]), -2);
		dlclose(copies[i]);
	}
	dlclose(two);
}

/* As a thread that has closed another plugin just now. Are all answers right? */
static void *forget_and_ask(void *handle)
{
	const void *caller = in(handle);
	unsigned i, wrong = 0;
	int right = answer(next_for(caller));

	for (i = 0; i < ROUNDS; i++) {
		next_forget();
		wrong += answer(next_for(caller)) != right;
	}
	return (void *)(uintptr_t)wrong;
}

/* Everything is forgotten while others are about to call what they were told. */
static void asked_by_many(void **state)
{
	void *plugins[] = { plugin("one.so"), plugin("two.so"), plugin("two-more.so") };
	pthread_t t[3];
	void *wrong;
	int i;

	(void)state;
	for (i = 0; i < 3; i++)
		assert_int_equal(pthread_create(&t[i], NULL, forget_and_ask, plugins[i]), 0);
	for (i = 0; i < 3; i++) {
		pthread_join(t[i], &wrong);
		assert_null(wrong);
	}
	for (i = 0; i < 3; i++)
		dlclose(plugins[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_any),
		cmocka_unit_test(strange_addresses),
		cmocka_unit_test(needs_decide),
		cmocka_unit_test(what_it_lacks),
		cmocka_unit_test(others_stand_in),
		cmocka_unit_test(asked_from_inside),
		cmocka_unit_test(touches_nothing),
		cmocka_unit_test(goes_with_its_plugin),
		cmocka_unit_test(more_callers_than_remembered),
		cmocka_unit_test(asked_by_many),
	};

	stubs_find();
	return cmocka_run_group_tests_name("next", tests, NULL, NULL);
}
