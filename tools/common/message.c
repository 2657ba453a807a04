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

#define LONGEST 5000 /* bytes of a sentence: a path and what is said of it */

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
	if (text) {
		text_make_printable(text);
		text_shorten(text, LONGEST);
	}
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

const char *error_text(int err)
{
	switch (abs(err)) {
	case 0: /* of a stream, which has failed before and keeps no reason */
		return "not all could be written";
	case EFBIG:
		return "File too large; ulimit -f limits the size of files";
	case EMFILE:
		return "Too many open files; ulimit -n limits their number";
	case EAGAIN:
		return "Resource temporarily unavailable; ulimit -u or a control group limits the "
		       "number of processes";
	default:
		return strerror(abs(err));
	}
}

int told(int code)
{
	static bool said;

	errno = 0;
	if (!fflush(stdout) && !ferror(stdout))
		return code;
	if (!said)
		fail("cannot write standard output: %s", error_text(errno));
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
