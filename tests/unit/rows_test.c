/* SPDX-License-Identifier: MIT */
/* regwait stat -i: does a row fit a terminal, whatever it has to say? */
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "unit.h"

#include "stats/rows.h"

#define WIDTH 80

/* What row_print() prints of this page, as lines. */
static char *printed(const struct stats_page *p, bool alive)
{
	int to = dup(STDOUT_FILENO);
	FILE *f = tmpfile();
	static char text[4096];
	size_t size;

	assert_non_null(f);
	fflush(stdout);
	assert_int_equal(dup2(fileno(f), STDOUT_FILENO), STDOUT_FILENO);
	row_print(p, alive);
	fflush(stdout);
	dup2(to, STDOUT_FILENO);
	close(to);
	rewind(f);
	size = fread(text, 1, sizeof(text) - 1, f);
	text[size] = '\0';
	fclose(f);
	return text;
}

/* The last line, without its end, where all are narrow enough. */
static const char *last_line(char *text)
{
	char *line, *last = text;

	for (line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		assert_between(strlen(line), 1, WIDTH);
		last = line;
	}
	return last;
}

static void count(struct stats_page *p, uint64_t each)
{
	p->counts.rings.seen = p->counts.rings.armed = each;
	p->counts.waits.registered = p->counts.waits.polled = p->counts.waits.answered = each;
	p->counts.waits.plain[REASON_NO_MIN_TIMEOUT] = each;
}

/* In the first row of a process that began a second ago a rate is the count, or nearly. */
static struct stats_page page(int pid, uint64_t each)
{
	struct stats_page p = { .pid = pid, .mode = MODE_OBSERVE };
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	p.started = (now.tv_sec - 1) * 1000000000LL + now.tv_nsec;
	strcpy(p.program, "a-program-with-a-name-of-many-l");
	count(&p, each);
	return p;
}

static void test_a_row_fits(void **state)
{
	static const uint64_t counts[] = { 0, 1, 99999, 99999999, 999999999, UINT64_MAX };
	const char *line;
	struct stats_page p;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		p = page(4194304 - i, counts[i]);
		line = last_line(printed(&p, true));
		assert_true(strstr(line, "4194") == line);
		assert_non_null(strstr(line, " a-program-wi observe "));
		assert_non_null(strstr(line, counts[i] ? "  no-min-timeout" : "  -"));
	}
}

static void test_numbers_are_shortened(void **state)
{
	static const struct {
		uint64_t made;
		const char *text;
	} rows[] = {
		{ 99999, " 99999 " },	  { 100000, "  100k " },     { 9999499, " 9999k " },
		{ 9999500, " 10.0M " },	  { 99949999, " 99.9M " },   { 99950000, "  100M " },
		{ 123456789, "  123M " }, { UINT64_MAX, " 9999M " },
	};
	struct stats_page p;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		p = page(100 + i, 0);
		p.counts.rings.seen = rows[i].made;
		assert_non_null(strstr(last_line(printed(&p, true)), rows[i].text));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_row_fits),
		cmocka_unit_test(test_numbers_are_shortened),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
