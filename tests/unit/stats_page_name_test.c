/* SPDX-License-Identifier: MIT */
/* The names of stats pages, there and back. */
#include <limits.h>
#include <string.h>

#include "unit.h"

#include "contract/stats_page_name.h"

static uint64_t namespace;
static int pid;
static bool hidden;

static bool reads(const char *name)
{
	return stats_page_name_read(name, &namespace, &pid, &hidden);
}

static void there_and_back(void **state)
{
	char name[STATS_PAGE_NAME_SIZE];

	(void)state;
	stats_page_name(name, 4026531836, 4711);
	assert_string_equal(name, "4026531836-4711");
	assert_true(reads(name));
	assert_true(namespace == 4026531836 && pid == 4711 && !hidden);
	stats_page_name_hidden(name, 0, 1, 2);
	assert_string_equal(name, ".0-1.2");
	assert_true(reads(name));
	assert_true(namespace == 0 && pid == 1 && hidden);
}

static void the_longest(void **state)
{
	char name[STATS_PAGE_NAME_SIZE];

	(void)state;
	stats_page_name_hidden(name, UINT64_MAX, INT_MAX, INT_MAX);
	assert_true(strlen(name) < sizeof(name));
	assert_true(reads(name));
	assert_true(namespace == UINT64_MAX && pid == INT_MAX && hidden);
}

static void others(void **state)
{
	/* clang-format off */
	static const char *const names[] = {
		"", ".", "..", "notes", "4711", ".4711.4711", "-1", "1-", "1--1", "1-0", "1-2 ", "1-2.3",
		" 1-2", "+1-2", "1-+2", "01-2", "1-02", ".1-2", ".1-2.", ".1-2.x", ".1-2.3.4", "..1-2.3",
		"1-2147483648", "18446744073709551616-1", "99999999999999999999999-1",
	};
	/* clang-format on */
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (reads(names[i]))
			fail_msg("\"%s\" is taken for a page's name", names[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(there_and_back),
		cmocka_unit_test(the_longest),
		cmocka_unit_test(others),
	};

	return cmocka_run_group_tests_name("stats_page_name", tests, NULL, NULL);
}
