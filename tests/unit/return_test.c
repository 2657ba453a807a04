/* SPDX-License-Identifier: MIT */
/* What measured blocks say about the way back from a system call. */
#include <stdbool.h>
#include <string.h>

#include "unit.h"

#include "process/return.h"

static struct regwait_returning r;

/* The same in all rounds, ns for each call, but for some rounds of each way that took so long. */
static bool judge(int plain_ns, int refilled_ns, int late_plain, int late_refilled)
{
	int plain[RETURN_ROUNDS], refilled[RETURN_ROUNDS], i;

	memset(&r, 0, sizeof(r));
	for (i = 0; i < RETURN_ROUNDS; i++) {
		plain[i] = plain_ns * RETURN_CALLS;
		refilled[i] = refilled_ns * RETURN_CALLS;
	}
	for (i = 0; i < late_plain; i++)
		plain[(i * 2 + 1) % RETURN_ROUNDS] = 1000000;
	for (i = 0; i < late_refilled; i++)
		refilled[(i * 2 + 2) % RETURN_ROUNDS] = 1000000;
	return return_judge(plain, refilled, &r);
}

static void dear_return(void **state)
{
	(void)state;
	assert_true(judge(175, 122, 0, 0));
	assert_int_equal(r.plain_ns, 175);
	assert_int_equal(r.refill_ns, 122);
	assert_true(judge(400, 210, 0, 0));
}

static void cheap_return(void **state)
{
	(void)state;
	assert_false(judge(91, 97, 0, 0));
	assert_false(judge(91, 91, 0, 0));
	assert_false(judge(91, 83, 0, 0));	/* 8 ns */
	assert_false(judge(400, 370, 0, 0));	/* 7 % */
}

static void interrupted(void **state)
{
	(void)state;
	assert_true(judge(175, 122, 0, 1));
	assert_int_equal(r.refill_ns, 122);
	assert_true(judge(175, 122, 4, 1));
	assert_int_equal(r.plain_ns, 175);
	assert_false(judge(175, 122, 0, 2));
	assert_false(judge(91, 97, 4, 0));
	assert_false(judge(91, 97, RETURN_ROUNDS - 2, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dear_return),
		cmocka_unit_test(cheap_return),
		cmocka_unit_test(interrupted),
	};

	return cmocka_run_group_tests_name("return", tests, NULL, NULL);
}
