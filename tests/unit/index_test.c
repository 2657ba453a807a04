/* SPDX-License-Identifier: MIT */
/* Registered ring descriptors: what an index stands for, in the thread whose it is. */
#include <pthread.h>

#include "unit.h"

#include "ring/index.h"

static void none_at_first(void **state)
{
	unsigned i;

	(void)state;
	for (i = 0; i < INDICES; i++) {
		assert_int_equal(index_handle(i), NO_HANDLE);
		assert_int_equal(index_state(i), 0);
	}
	/* No index leads to what is no ring. */
	assert_false(index_leads_to(NO_HANDLE));
}

static void registered_and_given_back(void **state)
{
	(void)state;
	index_registered(0, -7, REASON_NONE);
	index_registered(INDICES - 1, -8, REASON_KERNEL);
	assert_int_equal(index_handle(0), -7);
	assert_int_equal(index_state(0), FD_ARMED);
	assert_int_equal(index_state(INDICES - 1), fd_state_for(REASON_KERNEL, false));
	assert_true(index_leads_to(-7) && index_leads_to(-8) && !index_leads_to(-9));
	index_unregistered(0);
	assert_false(index_leads_to(-7));
	assert_int_equal(index_state(0), 0);
	index_unregistered(INDICES - 1);
}

/* It is known, but what it stands for may change: it is looked up again. */
static void of_a_disabled_ring(void **state)
{
	(void)state;
	index_registered(3, -7, REASON_DISABLED);
	assert_int_equal(index_state(3), 0);
	assert_int_equal(index_handle(3), -7);
	assert_true(index_leads_to(-7));
	index_unregistered(3);
}

/* A number that the kernel would refuse: nothing is written beside the table. */
static void beyond_the_table(void **state)
{
	(void)state;
	index_registered(INDICES, -7, REASON_NONE);
	index_registered(-1U, -7, REASON_NONE);
	assert_false(index_leads_to(-7));
	assert_int_equal(index_state(INDICES), 0);
	assert_int_equal(index_handle(-1U), NO_HANDLE);
}

static void *leads_there(void *arg)
{
	(void)arg;
	return (void *)(uintptr_t)(index_leads_to(-7) || index_state(2));
}

static void another_threads(void **state)
{
	pthread_t t;
	void *leads;

	(void)state;
	index_registered(2, -7, REASON_NONE);
	assert_int_equal(pthread_create(&t, NULL, leads_there, NULL), 0);
	pthread_join(t, &leads);
	assert_null(leads);
	index_unregistered(2);
}

int main(void)
{
	/* clang-format off */
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(none_at_first),
		cmocka_unit_test(registered_and_given_back),
		cmocka_unit_test(of_a_disabled_ring),
		cmocka_unit_test(beyond_the_table),
		cmocka_unit_test(another_threads),
	};
	/* clang-format on */

	return cmocka_run_group_tests_name("index", tests, NULL, NULL);
}
