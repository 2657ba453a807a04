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
	text = output_read(&o, &size);
	assert_non_null(text);
	assert_true(size < MUCH / 100);
	assert_string_equal(text + size - 18, "the last\nand more\n");
	free(text);
	output_close(&o);
}

static void test_what_is_read_is_kept(void **state)
{
	struct output o;
	size_t size;
	char *text;

	(void)state;
	assert_int_equal(output_open(&o, true), 0);
	print_much(&o);
	output_trim(&o);
	text = output_read(&o, &size);
	assert_non_null(text);
	assert_int_equal(size, MUCH + 9);
	assert_int_equal(text[0], 'x');
	assert_int_equal(text[MUCH - 1], '\n');
	free(text);
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
	text = output_read(&o, &size);
	assert_non_null(text);
	assert_int_equal(size, 0);
	assert_string_equal(text, "");
	free(text);
	assert_int_equal(write(o.fd, "a\0b", 3), 3);
	output_trim(&o);
	text = output_read(&o, &size);
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
		cmocka_unit_test(test_what_is_read_is_kept),
		cmocka_unit_test(test_little),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
