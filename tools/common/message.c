/* SPDX-License-Identifier: MIT */
/*
 * Prints sentences: the errors of the commands, and what else is said in a line.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "message.h"
#include "text.h"

static const char *current = "";

void message_command(const char *name)
{
	current = name;
}

/* What is told of may be the name of a file, and that a command for the terminal. */
static void print_sentence(FILE *to, const char *command, const char *format, va_list args)
{
	char *text = NULL;

	if (vasprintf(&text, format, args) < 0)
		text = NULL;
	if (text)
		text_make_printable(text);
	fprintf(to, "regwait%s%s: %s\n", *command ? " " : "", command,
		text ? text : "out of memory");
	free(text);
}

void message(FILE *to, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	print_sentence(to, "", format, args);
	va_end(args);
}

int fail(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	print_sentence(stderr, current, format, args);
	va_end(args);
	return EXIT_NO;
}

int misuse(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	print_sentence(stderr, current, format, args);
	va_end(args);
	fprintf(stderr, "Try: regwait%s%s --help\n", *current ? " " : "", current);
	return EXIT_USAGE;
}

int told(int code)
{
	static bool said;

	errno = 0;
	if (!fflush(stdout) && !ferror(stdout))
		return code;
	if (!said)
		fail("standard output: %s", errno ? strerror(errno) : "not all could be written");
	said = true;
	return EXIT_NO;
}

bool can_highlight(int fd)
{
	const char *kind = getenv("TERM");

	return isatty(fd) && kind && *kind && strcmp(kind, "dumb");
}

void *must(void *p)
{
	if (!p) {
		fputs("regwait: out of memory\n", stderr);
		exit(EXIT_NO);
	}
	return p;
}
