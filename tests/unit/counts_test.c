/* SPDX-License-Identifier: MIT */
/* What the command says of counts: their sums, and the reason that most have. */
#include <string.h>

#include "unit.h"

#include "stats/counts.h"

static const struct counts some = {
	.rings = { .seen = 3, .armed = 2, .plain = { [REASON_IOPOLL] = 1 } },
	.waits = {
		.registered = 1000,
		.polled = 200,
		.answered = 30,
		.plain = { [REASON_NO_TIMEOUT] = 7, [REASON_NO_SLOT] = 9, [REASON_NESTED] = 4 },
	},
};

static void test_sums(void **state)
{
	struct counts sum = some;

	(void)state;
	assert_int_equal(counts_plain(some.waits.plain), 20);
	assert_int_equal(counts_gained(&some), 1200);
	/* All but those without a timeout. */
	assert_int_equal(counts_timed(&some), 1000 + 200 + 30 + 9 + 4);
	counts_add(&sum, &some);
	assert_int_equal(sum.rings.seen, 6);
	assert_int_equal(sum.rings.plain[REASON_IOPOLL], 2);
	assert_int_equal(counts_timed(&sum), 2 * counts_timed(&some));
}

static void test_empty(void **state)
{
	struct counts c = { 0 };

	(void)state;
	assert_true(counts_empty(&c));
	assert_int_equal(counts_timed(&c), 0);
	c.rings.seen = 1;
	assert_false(counts_empty(&c));
	c = (struct counts){ .waits.plain[REASON_UNSEEN] = 1 };
	assert_false(counts_empty(&c));
	c = (struct counts){ .waits.answered = 1 };
	assert_false(counts_empty(&c));
	c = (struct counts){ .waits.polled = 1 };
	assert_false(counts_empty(&c));
}

/* The reason that most have; of two with as many, the first in the list. */
static void test_foremost(void **state)
{
	struct counts c = some;

	(void)state;
	assert_int_equal(counts_foremost(c.waits.plain), REASON_NO_SLOT);
	c.waits.plain[REASON_NO_TIMEOUT] = 10;
	assert_int_equal(counts_foremost(c.waits.plain), REASON_NO_TIMEOUT);
	c.waits.plain[REASON_BAD_POINTER] = 10;
	assert_int_equal(counts_foremost(c.waits.plain), REASON_NO_TIMEOUT);
	c.waits.plain[REASON_KERNEL] = 11;
	assert_int_equal(counts_foremost(c.waits.plain), REASON_KERNEL);
	memset(c.waits.plain, 0, sizeof(c.waits.plain));
	assert_int_equal(counts_foremost(c.waits.plain), REASON_NONE);
	assert_null(counts_plain_why(&c));
}

static void test_line(void **state)
{
	struct counts c = some;
	char line[256];

	(void)state;
	counts_line(&c, line, sizeof(line));
	assert_string_equal(line, "rings 3, armed 2; waits registered 1000, polled 200, "
				  "answered 30, plain 20 (mostly no-slot)");
	memset(c.waits.plain, 0, sizeof(c.waits.plain));
	counts_line(&c, line, sizeof(line));
	assert_string_equal(line, "rings 3, armed 2; waits registered 1000, polled 200, "
				  "answered 30, plain 0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sums),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_foremost),
		cmocka_unit_test(test_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
