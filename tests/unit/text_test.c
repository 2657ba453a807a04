/* SPDX-License-Identifier: MIT */
/* Names and arguments of others: nothing of them reaches a terminal as a command. */
#include <stdlib.h>
#include <string.h>

#include "unit.h"

#include "common/quote.h"
#include "common/report.h"
#include "common/text.h"

static void test_what_is_shown(void **state)
{
	static const char *const shown[] = {
		"a",	  " ",	    "~",      "\\",	"\u00a0", "\u00e4",	"\u07ff",
		"\u0800", "\u20ac", "\ud7ff", "\ue000", "\uffee", "\U0001f600", "\U0010fffd",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
		assert_int_equal(text_character(shown[i]), strlen(shown[i]));
	assert_true(text_is_printable("caf\u00e9 \u20ac \U0001f600"));
	assert_true(text_is_printable(""));
}

static void test_what_is_not(void **state)
{
	static const char *const hidden[] = {
		"\033[31m",
		"\n",
		"\t",
		"\177", /* of one byte */
		"\302\200",
		"\302\233[31m",
		"\302\205",
		"\302\237", /* the same, of two */
		"\233[31m",
		"\200",
		"\377",
		"\303",
		"\303(",
		"\342\202",
		"\360\237\230", /* no UTF-8 */
		"\300\233",
		"\340\202\233",
		"\360\200\202\233", /* longer than they need to be */
		"\355\240\200",
		"\364\220\200\200", /* a surrogate, and beyond the last */
		"\u202e",
		"\u2066",
		"\u200f",
		"\u2028", /* directions, and an end of a line */
	};
	char copy[32];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++) {
		assert_int_equal(text_character(hidden[i]), 0);
		assert_false(text_is_printable(hidden[i]));
		strcpy(copy, hidden[i]);
		text_make_printable(copy);
		assert_int_equal(copy[0], '?');
		assert_int_equal(strlen(copy), strlen(hidden[i]));
		assert_true(text_is_printable(copy));
	}
}

/* Every byte and every two: what is left is shown, and what was fit for it is as it was. */
static void test_all_pairs(void **state)
{
	char text[4] = "", copy[4];
	int a, b;

	(void)state;
	for (a = 1; a < 256; a++) {
		for (b = 1; b < 256; b++) {
			text[0] = a;
			text[1] = b;
			strcpy(copy, text);
			text_make_printable(copy);
			assert_true(text_is_printable(copy));
			assert_int_equal(strlen(copy), 2);
			assert_true(text_is_printable(text) == !strcmp(copy, text));
			assert_null(memchr(copy, '\033', 2));
		}
	}
}

/* What is to be pasted into a shell is shown in octal, and means the same bytes there. */
static void test_quoted(void **state)
{
	static const char *const words[][2] = {
		{ "plain", "plain" },
		{ "", "''" },
		{ "it's", "'it'\\''s'" },
		{ "caf\u00e9", "'caf\u00e9'" },
		{ "a\nb", "$'a\\012b'" },
		{ "\302\233", "$'\\302\\233'" },
		{ "\u00e9\233'\\", "$'\u00e9\\233\\'\\\\'" },
	};
	char *quoted;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		quoted = quote(words[i][0]);
		assert_string_equal(quoted, words[i][1]);
		assert_true(text_is_printable(quoted));
		free(quoted);
	}
}

/* The beginning and the end are kept, and no character is cut. */
static void test_shortened(void **state)
{
	char text[400], before[400];
	size_t i, at;

	(void)state;
	strcpy(text, "as it is");
	text_shorten(text, 8);
	assert_string_equal(text, "as it is");
	for (i = 0; i < 4; i++) {
		memset(text, 'a', i);
		for (at = i; at + 3 < 300; at += 3)
			memcpy(text + at, "\u20ac", 3);
		strcpy(text + at, ": why");
		strcpy(before, text);
		text_shorten(text, 100);
		assert_true(strlen(text) <= 100 && strlen(text) > 90);
		assert_true(text_is_printable(text));
		assert_memory_equal(text, before, 40);
		assert_string_equal(text + strlen(text) - 20, before + strlen(before) - 20);
	}
	assert_string_equal(text_name(""), "''");
	assert_string_equal(text_name("a"), "a");
}

static void test_numbers_have_four_digits_and_no_exponent(void **state)
{
	static const struct {
		double value;
		const char *text;
	} numbers[] = {
		{ 0, "0" },	     { 51.384, "51.38" },   { -3.14159, "-3.142" },
		{ 999.96, "1000" },  { 1234.56, "1235" },   { 9999.4, "9999" },
		{ 9999.6, "10000" }, { -9999.6, "-10000" }, { 14872.3, "14872" },
	};
	char text[32];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		report_digits(numbers[i].value, text, sizeof(text));
		assert_string_equal(text, numbers[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers_have_four_digits_and_no_exponent),
		cmocka_unit_test(test_what_is_shown),
		cmocka_unit_test(test_what_is_not),
		cmocka_unit_test(test_all_pairs),
		cmocka_unit_test(test_quoted),
		cmocka_unit_test(test_shortened),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
