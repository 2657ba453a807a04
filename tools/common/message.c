/* SPDX-License-Identifier: MIT */
/*
 * Prints the errors of the commands: one sentence on standard error.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "message.h"

static const char *current = "";

void message_command(const char *name)
{
	current = name;
}

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

void *must(void *p)
{
	if (!p) {
		fputs("regwait: out of memory\n", stderr);
		exit(EXIT_NO);
	}
	return p;
}
