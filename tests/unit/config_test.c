/* SPDX-License-Identifier: MIT */
/* The environment variables: what is understood, and what is said of the rest. */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>

#include "unit.h"

#include "base/arch/arch.h"
#include "base/config.h"

static struct config c;
static bool privileged;

/* libc's, but that a program may be taken for one that runs with more rights than its caller. */
unsigned long getauxval(unsigned long type)
{
	unsigned long (*real)(unsigned long) = dlsym(RTLD_NEXT, "getauxval");

	return type == AT_SECURE && privileged ? 1 : real(type);
}

/* Parses the environment given, as a program named "prog" would have it. */
static void parse(const char *first, ...)
{
	const char *env[16] = { first };
	va_list more;
	int i;

	va_start(more, first);
	for (i = 1; env[i - 1] && i < 15; i++)
		env[i] = va_arg(more, const char *);
	va_end(more);
	memset(&c, 0, sizeof(c));
	config_parse(&c, (char **)env, "prog");
}

static unsigned lines(const char *s)
{
	unsigned n = 0;

	for (; *s; s++)
		n += *s == '\n';
	return n;
}

static void assert_defaults(void)
{
	assert_int_equal(c.mode, MODE_ON);
	assert_true(c.poll);
	assert_int_equal(c.ringfd, RINGFD_AUTO);
	assert_false(c.no_iowait);
	assert_int_equal(c.spin, 0);
	assert_false(c.coop);
	assert_int_equal(c.slots, 63);
	assert_int_equal(c.max_rings, -1);
	assert_int_equal(c.log, LOG_NONE);
	assert_string_equal(c.stats, "");
}

static void nothing_set(void **state)
{
	(void)state;
	parse(NULL);
	assert_defaults();
	assert_string_equal(c.complaints, "");
	memset(&c, 0, sizeof(c));
	config_parse(&c, NULL, "prog");
	assert_defaults();
}

static void everything_set(void **state)
{
	(void)state;
	parse("REGWAIT=off", "REGWAIT_POLL=off", "REGWAIT_SLOTS=7", "REGWAIT_MAX_RINGS=0",
	      "REGWAIT_STATS=/some/where.%p", "REGWAIT_LOG=debug", "REGWAIT_RINGFD=off", NULL);
	assert_int_equal(c.mode, MODE_OFF);
	assert_int_equal(c.ringfd, RINGFD_OFF);
	assert_false(c.poll);
	assert_int_equal(c.slots, 7);
	assert_int_equal(c.max_rings, 0);
	assert_string_equal(c.stats, "/some/where.%p");
	assert_int_equal(c.log, LOG_DEBUG);
	assert_string_equal(c.complaints, "");
}

/* In modes that leave waits alone it is none. */
static void iowait_in_each_mode(void **state)
{
	static const struct {
		const char *mode;
		bool no_iowait;
	} cases[] = {
		{ "on", true }, { "off", false }, { "observe", false },
		{ "ab", true }, { "aa", true },
	};
	char variable[64];
	unsigned i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(variable, sizeof(variable), "REGWAIT=%s", cases[i].mode);
		parse(variable, "REGWAIT_IOWAIT=off", NULL);
		assert_int_equal(c.no_iowait, cases[i].no_iowait);
		parse(variable, "REGWAIT_IOWAIT=on", NULL);
		assert_false(c.no_iowait);
	}
}

static void spin_and_coop(void **state)
{
	static const struct {
		const char *value;
		unsigned spin;
		bool is_auto;
	} cases[] = {
		{ "off", 0, false },
		{ "auto", 50, true },
		{ "1", 1, false },
		{ "1000", 1000, false },
	};
	static const char *const wrong[] = { "0", "1001", "or", "on", "autoo", "off,", "5us" };
	char variable[64];
	unsigned i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(variable, sizeof(variable), "REGWAIT_SPIN=%s", cases[i].value);
		parse(variable, NULL);
		assert_int_equal(c.spin, ARCH_CAN_LOOK ? cases[i].spin : 0);
		assert_int_equal(c.spin_auto, cases[i].is_auto);
		assert_string_equal(c.complaints, "");
		parse(variable, "REGWAIT=observe", NULL);
		assert_int_equal(c.spin, 0);
		parse(variable, "REGWAIT=off", NULL);
		assert_int_equal(c.spin, 0);
	}
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		snprintf(variable, sizeof(variable), "REGWAIT_SPIN=%s", wrong[i]);
		parse(variable, NULL);
		assert_int_equal(c.spin, 0);
		assert_int_equal(lines(c.complaints), 1);
	}
	parse("REGWAIT_TASKRUN=coop", NULL);
	assert_true(c.coop);
	parse("REGWAIT_TASKRUN=coop", "REGWAIT=observe", NULL);
	assert_false(c.coop);
	parse("REGWAIT_TASKRUN=asis", NULL);
	assert_false(c.coop);
}

static void every_choice(void **state)
{
	static const char *const logs[] = { "none", "error", "info", "debug" };
	char variable[64];
	int i;

	(void)state;
	for (i = 0; i < 4; i++) {
		snprintf(variable, sizeof(variable), "REGWAIT_LOG=%s", logs[i]);
		parse(variable, NULL);
		assert_int_equal(c.log, i);
		assert_string_equal(c.complaints, "");
	}
}

/* Each is one line that names the variable, and the default holds. */
static void bad_values(void **state)
{
	/* clang-format off */
	static const char *const bad[] = {
		"REGWAIT=ON", "REGWAIT=o", "REGWAIT=on|off", "REGWAIT=|", "REGWAIT=on ",
		"REGWAIT_POLL=1", "REGWAIT_POLL=onn",
		"REGWAIT_SLOTS=0", "REGWAIT_SLOTS=4096", "REGWAIT_SLOTS=-1", "REGWAIT_SLOTS=+1",
		"REGWAIT_SLOTS= 1", "REGWAIT_SLOTS=1 ", "REGWAIT_SLOTS=1x", "REGWAIT_SLOTS=0x1",
		"REGWAIT_SLOTS=1e1", "REGWAIT_SLOTS=9223372036854775808", "REGWAIT_SLOTS=x",
		"REGWAIT_SLOTS=18446744073709551617",
		"REGWAIT_MAX_RINGS=1000001", "REGWAIT_MAX_RINGS=-1", "REGWAIT_MAX_RINGS=all",
		"REGWAIT_LOG=5", "REGWAIT_LOG=warn",
	};
	/* clang-format on */
	char name[64];
	unsigned i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		parse(bad[i], NULL);
		assert_defaults();
		assert_int_equal(lines(c.complaints), 1);
		snprintf(name, sizeof(name), "%.*s", (int)strcspn(bad[i], "="), bad[i]);
		assert_non_null(strstr(c.complaints, name));
	}
}

static void numbers_at_the_edge(void **state)
{
	(void)state;
	parse("REGWAIT_SLOTS=1", "REGWAIT_MAX_RINGS=1000000", NULL);
	assert_int_equal(c.slots, 1);
	assert_int_equal(c.max_rings, 1000000);
	parse("REGWAIT_SLOTS=4095", "REGWAIT_MAX_RINGS=1", NULL);
	assert_int_equal(c.slots, 4095);
	assert_int_equal(c.max_rings, 1);
	parse("REGWAIT_SLOTS=000064", NULL);
	assert_int_equal(c.slots, 64);
	assert_string_equal(c.complaints, "");
}

static void unknown_variables(void **state)
{
	(void)state;
	parse("REGWAIT_SLOT=5", NULL);
	assert_defaults();
	assert_int_equal(lines(c.complaints), 1);
	assert_non_null(strstr(c.complaints, "REGWAIT_SLOT "));
	parse("REGWAIT_=1", "REGWAIT_X=", NULL);
	assert_int_equal(lines(c.complaints), 2);
	/* The value of what is not ours may be a secret. */
	parse("REGWAIT_TOKEN=hunter2", NULL);
	assert_null(strstr(c.complaints, "hunter2"));
}

static void not_ours(void **state)
{
	(void)state;
	parse("REGWAITER=1", "REGWAIT2=off", "XREGWAIT=off", "regwait=off", "REGWAI=off", "", "=",
	      "REGWAIT_SLOTS", "PATH=/bin", NULL);
	assert_defaults();
	assert_string_equal(c.complaints, "");
}

static void empty_is_unset(void **state)
{
	(void)state;
	parse("REGWAIT=", "REGWAIT_SLOTS=", "REGWAIT_ONLY=", "REGWAIT_SKIP=", "REGWAIT_STATS=",
	      NULL);
	assert_defaults();
	assert_string_equal(c.complaints, "");
}

/* The last one counts where a variable stands twice. */
static void twice(void **state)
{
	(void)state;
	parse("REGWAIT_SLOTS=5", "REGWAIT_SLOTS=6", NULL);
	assert_int_equal(c.slots, 6);
	assert_string_equal(c.complaints, "");
}

static void long_values(void **state)
{
	static char value[10000] = "REGWAIT_STATS=", name[10000] = "REGWAIT_";

	(void)state;
	memset(value + strlen(value), 'x', 4000);
	parse(value, NULL);
	assert_int_equal(strlen(c.stats), 4000);
	assert_string_equal(c.complaints, "");
	memset(value + strlen(value), 'x', 5000);
	parse(value, NULL);
	assert_string_equal(c.stats, "");
	assert_int_equal(lines(c.complaints), 1);
	assert_true(strlen(c.complaints) < 1000);
	memset(name + strlen(name), 'Y', 5000);
	parse(name, NULL);
	assert_string_equal(c.complaints, ""); /* it has no value, so it is no variable */
	strcat(name, "=1");
	parse(name, NULL);
	assert_true(strlen(c.complaints) < sizeof(c.complaints));
}

/* More than there is room for: whole lines, and never past the end. */
static void many_complaints(void **state)
{
	static char text[200][64];
	static char *env[201];
	int i;

	(void)state;
	for (i = 0; i < 200; i++) {
		snprintf(text[i], sizeof(text[i]), "REGWAIT_UNKNOWN_NUMBER_%d=1", i);
		env[i] = text[i];
	}
	config_parse(&c, env, "prog");
	assert_defaults();
	assert_true(strlen(c.complaints) < sizeof(c.complaints));
	assert_true(lines(c.complaints) >= 5);
	assert_int_equal(c.complaints[strlen(c.complaints) - 1], '\n');
}

static void only_and_skip(void **state)
{
	static const struct {
		const char *variable;
		int mode;
	} cases[] = {
		{ "REGWAIT_ONLY=prog", MODE_ON },      { "REGWAIT_ONLY=a:prog", MODE_ON },
		{ "REGWAIT_ONLY=prog:b", MODE_ON },    { "REGWAIT_ONLY=::prog:", MODE_ON },
		{ "REGWAIT_ONLY=pro", MODE_OFF },      { "REGWAIT_ONLY=progs", MODE_OFF },
		{ "REGWAIT_ONLY=:", MODE_OFF },	       { "REGWAIT_ONLY=PROG", MODE_OFF },
		{ "REGWAIT_SKIP=prog", MODE_OFF },     { "REGWAIT_SKIP=a:prog:b", MODE_OFF },
		{ "REGWAIT_SKIP=pro:progs", MODE_ON }, { "REGWAIT_SKIP=:", MODE_ON },
	};
	unsigned i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		parse(cases[i].variable, NULL);
		assert_int_equal(c.mode, cases[i].mode);
		assert_string_equal(c.complaints, "");
	}
	parse("REGWAIT_ONLY=prog", "REGWAIT_SKIP=prog", NULL);
	assert_int_equal(c.mode, MODE_OFF);
	/* A program that is left out is left alone: not even bad values are reported. */
	parse("REGWAIT_SKIP=prog", "REGWAIT_SLOTS=x", "REGWAIT_STATS=1", "REGWAIT_LOG=debug", NULL);
	assert_string_equal(c.complaints, "");
	assert_string_equal(c.stats, "");
	assert_int_equal(c.log, LOG_NONE);
}

/* What its caller sets must make such a program write nothing. */
static void of_a_privileged_program(void **state)
{
	(void)state;
	setenv("REGWAIT_STATS", "named-by-the-caller", 1);
	setenv("REGWAIT_LIVE", "on", 1);
	for (privileged = false;; privileged = true) {
		config.loaded = false;
		config_load();
		assert_true(config.loaded);
		assert_string_equal(config.stats, privileged ? "" : "named-by-the-caller");
		assert_int_equal(config.live, !privileged);
		if (privileged)
			break;
	}
	config.stats[0] = '\0';
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_set),
		cmocka_unit_test(everything_set),
		cmocka_unit_test(iowait_in_each_mode),
		cmocka_unit_test(every_choice),
		cmocka_unit_test(spin_and_coop),
		cmocka_unit_test(bad_values),
		cmocka_unit_test(numbers_at_the_edge),
		cmocka_unit_test(unknown_variables),
		cmocka_unit_test(not_ours),
		cmocka_unit_test(empty_is_unset),
		cmocka_unit_test(twice),
		cmocka_unit_test(long_values),
		cmocka_unit_test(many_complaints),
		cmocka_unit_test(only_and_skip),
		cmocka_unit_test(of_a_privileged_program),
	};

	return cmocka_run_group_tests_name("config", tests, NULL, NULL);
}
