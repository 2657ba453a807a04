/* SPDX-License-Identifier: MIT */
/* Our printf against libc's, for all that it knows. */
#include <inttypes.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "unit.h"

#include "base/format.h"

/* The same text, length and end, whatever room there is. */
#define SAME(...) \
	do { \
		char ours[128], libcs[128]; \
		size_t room; \
		for (room = 0; room < sizeof(ours); room++) { \
			memset(ours, '#', sizeof(ours)); \
			memset(libcs, '#', sizeof(libcs)); \
			assert_int_equal(format_text(ours, room, __VA_ARGS__), \
					 snprintf(libcs, room, __VA_ARGS__)); \
			assert_memory_equal(ours, libcs, sizeof(ours)); \
		} \
	} while (0)

static void texts(void **state)
{
	(void)state;
	SAME("%s", "");
	SAME("no more than this");
	SAME("%s: %s, and 100 %% of it", "one", "other");
}

static void numbers(void **state)
{
	(void)state;
	SAME("%d %d %d %d %d", 0, 1, -1, INT_MAX, INT_MIN);
	SAME("%u %u", 0u, UINT_MAX);
	SAME("%ld %ld %lu", LONG_MAX, LONG_MIN, ULONG_MAX);
	SAME("%lld %llu", LLONG_MIN, ULLONG_MAX);
	SAME("%" PRIu64 "|%" PRId64, UINT64_MAX, INT64_MIN);
}

static void no_room_at_all(void **state)
{
	(void)state;
	assert_int_equal(format_text(NULL, 0, "%s %d", "four", 4), 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts),
		cmocka_unit_test(numbers),
		cmocka_unit_test(no_room_at_all),
	};

	return cmocka_run_group_tests_name("format", tests, NULL, NULL);
}
