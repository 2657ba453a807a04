/* SPDX-License-Identifier: MIT */
/* What a run prints under regwait compare: is it kept if it will be read, and only then? */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit.h"

#include "compare/output.h"

#define MUCH (64 << 20)

static void print_much(const struct output *o)
{
	static char line[65536];
	size_t n;

	memset(line, 'x', sizeof(line) - 1);
	line[sizeof(line) - 1] = '\n';
	for (n = 0; n < MUCH; n += sizeof(line))
		assert_int_equal(write(o->fd, line, sizeof(line)), sizeof(line));
	assert_int_equal(write(o->fd, "the last\n", 9), 9);
}

static long long memory(const struct output *o)
{
	struct stat st;

	assert_int_equal(fstat(o->fd, &st), 0);
	return (long long)st.st_blocks * 512;
}

static void test_what_nobody_reads_takes_no_memory(void **state)
{
	struct output o;
	size_t size;
	char *text;

	(void)state;
	assert_int_equal(output_open(&o, false), 0);
	print_much(&o);
	assert_true(memory(&o) >= MUCH);
	output_trim(&o);
	assert_true(memory(&o) < MUCH / 100);
	/* What is printed afterwards follows what was printed before. */
	assert_int_equal(write(o.fd, "and more\n", 9), 9);
	text = output_take(&o, &size);
	assert_non_null(text);
	assert_true(size < MUCH / 100);
	assert_string_equal(text + size - 18, "the last\nand more\n");
	free(text);
	output_close(&o);
}

static void test_what_is_read_is_taken_in_pieces(void **state)
{
	size_t size, sum = 0;
	struct output o;
	char *text;

	(void)state;
	assert_int_equal(output_open(&o, true), 0);
	assert_false(output_has_piece(&o));
	print_much(&o);
	output_trim(&o);
	while (output_has_piece(&o)) {
		text = output_take(&o, &size);
		assert_non_null(text);
		assert_int_equal(text[0], 'x');
		assert_int_equal(text[size - 1], '\n');
		assert_int_equal(text[size], '\0');
		sum += size;
		assert_true(memory(&o) <= MUCH + 65536 - (long long)sum);
		free(text);
	}
	assert_true(MUCH - sum < MUCH / 2);
	text = output_take(&o, &size);
	assert_int_equal(sum + size, MUCH + 9);
	assert_string_equal(text + size - 9, "the last\n");
	free(text);
	assert_null(output_take(&o, &size));
	assert_true(memory(&o) <= 65536);
	output_close(&o);
}

/* A line that is longer than a piece is cut. */
static void test_one_line(void **state)
{
	static char part[65536];
	size_t size, sum = 0, n;
	struct output o;
	char *text;

	(void)state;
	memset(part, 'x', sizeof(part));
	assert_int_equal(output_open(&o, true), 0);
	for (n = 0; n < MUCH; n += sizeof(part))
		assert_int_equal(write(o.fd, part, sizeof(part)), sizeof(part));
	while ((text = output_take(&o, &size))) {
		assert_true(size > 0 && size < MUCH);
		assert_int_equal(text[size - 1], 'x');
		sum += size;
		free(text);
	}
	assert_int_equal(sum, MUCH);
	output_close(&o);
}

/* Through a pipe comes the same, and a piece at a time is in memory. */
static void test_pipe(void **state)
{
	static char line[1000];
	size_t size, sum = 0, n, pieces = 0;
	struct output o;
	char *text;

	(void)state;
	memset(line, 'x', sizeof(line) - 1);
	line[sizeof(line) - 1] = '\n';
	assert_int_equal(output_open_pipe(&o), 0);
	assert_null(output_take(&o, &size));
	assert_int_equal(output_waiting(&o), 0);
	for (n = 0; n < MUCH / sizeof(line); n++) {
		assert_int_equal(write(o.fd, line, sizeof(line)), sizeof(line));
		assert_int_equal(output_waiting(&o), sizeof(line));
		while (output_fill(&o, SIZE_MAX)) {
			if (!output_has_piece(&o))
				continue;
			text = output_take(&o, &size);
			assert_int_equal(text[0], 'x');
			assert_int_equal(text[size - 1], '\n');
			assert_int_equal(text[size], '\0');
			sum += size;
			pieces++;
			free(text);
		}
	}
	assert_true(pieces >= 3);
	assert_int_equal(write(o.fd, "the last", 8), 8);
	assert_int_equal(output_fill(&o, 4), 4);
	assert_int_equal(output_fill(&o, 100), 4);
	text = output_take(&o, &size);
	assert_string_equal(text + size - 8, "the last");
	assert_int_equal(sum + size, MUCH / sizeof(line) * sizeof(line) + 8);
	free(text);
	assert_null(output_take(&o, &size));
	output_close(&o);
}

static void test_little(void **state)
{
	struct output o;
	size_t size;
	char *text;

	(void)state;
	assert_int_equal(output_open(&o, false), 0);
	output_trim(&o);
	text = output_take(&o, &size);
	assert_null(text);
	assert_int_equal(write(o.fd, "a\0b", 3), 3);
	output_trim(&o);
	text = output_take(&o, &size);
	assert_non_null(text);
	assert_int_equal(size, 3);
	free(text);
	output_close(&o);
	assert_int_equal(o.fd, -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_nobody_reads_takes_no_memory),
		cmocka_unit_test(test_what_is_read_is_taken_in_pieces),
		cmocka_unit_test(test_one_line),
		cmocka_unit_test(test_pipe),
		cmocka_unit_test(test_little),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
