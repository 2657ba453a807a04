/* SPDX-License-Identifier: MIT */
/* The statistics of regwait compare: what pairs add up to, and when that is a verdict. */
#include <math.h>

#include "unit.h"

#include "common/statistics.h"
#include "compare/pairs.h"

/* Adds nr pairs of this ratio, with a little noise that is the same each time. */
static void add(struct pairs *p, size_t nr, double ratio)
{
	size_t i;

	for (i = 0; i < nr; i++)
		pairs_add(p, ratio * (1 + 0.001 * (double)(i % 3)), 1);
}

static enum difference verdict(const struct pairs *p)
{
	struct pair_summary s = pairs_summary(p, 1);

	return pairs_difference(&s);
}

static void test_ratios(void **state)
{
	struct pairs p = { 0 };

	(void)state;
	pairs_add(&p, 3, 2);
	pairs_add(&p, 3, 0);
	assert_true(pairs_ratio(&p, 0) == 1.5);
	assert_true(pairs_ratio(&p, 1) == 1);
	p.larger_is_better = true;
	assert_true(pairs_ratio(&p, 0) == 2.0 / 3);
	pairs_free(&p);
}

/* However clear it looks, fewer than eight pairs are chance. */
static void test_few(void **state)
{
	struct pairs p = { 0 };
	struct pair_summary s;

	(void)state;
	add(&p, 7, 1.2);
	s = pairs_summary(&p, 1);
	assert_true(isinf(s.sure_high));
	assert_int_equal(pairs_difference(&s), INCONCLUSIVE);
	assert_int_equal(pairs_missing(&s, p.nr), 1);
	add(&p, 1, 1.2);
	assert_int_equal(verdict(&p), FASTER);
	pairs_free(&p);
}

/* Of eight pairs all must agree, of twelve all but one. */
static void test_disagreement(void **state)
{
	struct pairs p = { 0 };

	(void)state;
	add(&p, 7, 1.2);
	add(&p, 1, 0.9);
	assert_int_equal(verdict(&p), INCONCLUSIVE);
	add(&p, 4, 1.2);
	assert_int_equal(verdict(&p), FASTER);
	add(&p, 1, 0.9);
	assert_int_equal(verdict(&p), INCONCLUSIVE);
	pairs_free(&p);
}

static void test_directions(void **state)
{
	struct pairs p = { 0 };

	(void)state;
	add(&p, 20, 0.9);
	assert_int_equal(verdict(&p), SLOWER);
	p.larger_is_better = true;
	assert_int_equal(verdict(&p), FASTER);
	pairs_free(&p);
	/* A difference that is certain, but too small to matter. */
	add(&p, 20, 1.003);
	assert_int_equal(verdict(&p), NO_DIFFERENCE);
	pairs_free(&p);
	add(&p, 10, 1.05);
	add(&p, 10, 0.95);
	assert_int_equal(verdict(&p), INCONCLUSIVE);
	pairs_free(&p);
}

/* Outliers are named by the variant whose value is far from the others of that variant. */
static void test_outliers(void **state)
{
	struct pairs p = { 0 };
	struct pair_summary s;
	struct outlier o;
	size_t i;

	(void)state;
	add(&p, 10, 1.1);
	pairs_add(&p, 1.1, 2);
	pairs_add(&p, 5, 1);
	s = pairs_summary(&p, 1);
	assert_int_equal(s.outliers, 2);
	for (i = 0; i < 10; i++)
		assert_false(pairs_outlier(&p, &s, i, &o));
	assert_true(pairs_outlier(&p, &s, 10, &o));
	assert_int_equal(o.pair, 11);
	assert_string_equal(o.variant, "on");
	assert_true(o.value == 2 && o.ratio == 0.55);
	assert_true(pairs_outlier(&p, &s, 11, &o));
	assert_int_equal(o.pair, 12);
	assert_string_equal(o.variant, "off");
	assert_true(o.value == 5 && o.ratio == 5);
	pairs_free(&p);
}

static void test_seed(void **state)
{
	struct pairs p = { 0 };
	struct pair_summary a, b;
	size_t i;

	(void)state;
	for (i = 0; i < 30; i++)
		pairs_add(&p, 1 + 0.01 * (double)(i * 7 % 30), 1);
	a = pairs_summary(&p, 5);
	b = pairs_summary(&p, 5);
	assert_true(a.low == b.low && a.high == b.high);
	assert_true(a.low < a.ratio && a.ratio < a.high);
	assert_true(a.sure_low <= a.low && a.high <= a.sure_high);
	pairs_free(&p);
}

int main(void)
{
	/* clang-format off */
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ratios),
		cmocka_unit_test(test_few),
		cmocka_unit_test(test_disagreement),
		cmocka_unit_test(test_directions),
		cmocka_unit_test(test_outliers),
		cmocka_unit_test(test_seed),
	};
	/* clang-format on */

	return cmocka_run_group_tests(tests, NULL, NULL);
}
