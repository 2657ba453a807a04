/* SPDX-License-Identifier: MIT */
/*
 * The command: a table of subcommands.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../shim/contract/version.h"
#include "regwait.h"
#include "selftest.h"

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *text;
} commands[] = {
	{ "check",   command_check,   "tell whether this system and a program can gain" },
	{ "run",     command_run,     "run a program with registered waits" },
	{ "stat",    command_stat,    "show what happens in running programs" },
	{ "set",     command_set,     "change the mode of a running program" },
	{ "compare", command_compare, "measure what a program gains" },
	{ "env",     command_env,     "list the environment variables" },
};

static const char *current = "";

static void complain(const char *format, va_list args)
{
	fprintf(stderr, "regwait%s%s: ", *current ? " " : "", current);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
}

int fail(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	complain(format, args);
	va_end(args);
	return EXIT_NO;
}

int misuse(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	complain(format, args);
	va_end(args);
	fprintf(stderr, "Try: regwait%s%s --help\n", *current ? " " : "", current);
	return EXIT_USAGE;
}

bool may_colour(void)
{
	const char *no = getenv("NO_COLOR");

	return isatty(STDOUT_FILENO) && !(no && *no);
}

static void usage(FILE *to)
{
	size_t i;

	fprintf(to, "Usage: regwait COMMAND [ARGUMENTS]\n\n");
	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		fprintf(to, "  %-8s %s\n", commands[i].name, commands[i].text);
	fprintf(to, "\nregwait COMMAND --help says more; so does regwait(1).\n");
}

/* An answer that did not arrive, on a full disk for example, is none. */
static int told(int code)
{
	errno = 0;
	if (!fflush(stdout) && !ferror(stdout))
		return code;
	return fail("standard output: %s", errno ? strerror(errno) : "not all could be written");
}

int main(int argc, char **argv)
{
	size_t i;

	if (argc < 2) {
		usage(stderr);
		return EXIT_USAGE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")) {
		usage(stdout);
		return EXIT_OK;
	}
	if (!strcmp(argv[1], "--version")) {
		puts("regwait " REGWAIT_VERSION);
		return EXIT_OK;
	}
	if (!strcmp(argv[1], "self-test"))	/* check runs this under the shim */
		return selftest_program();
	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (strcmp(argv[1], commands[i].name))
			continue;
		current = commands[i].name;
		return told(commands[i].run(argc - 1, argv + 1));
	}
	return misuse("no such command: %s", argv[1]);
}
