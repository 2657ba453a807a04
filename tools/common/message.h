/* SPDX-License-Identifier: MIT */
/*
 * What all commands have in common: what they say in a line, and the exit codes that go with errors.
 */
#ifndef REGWAIT_MESSAGE_H
#define REGWAIT_MESSAGE_H

#include <stdbool.h>
#include <stdio.h>

/* Exit codes of every command; those that judge add codes of their own. */
enum {
	EXIT_OK = 0,
	EXIT_NO = 1, /* the answer is no, or the command failed; one line says why */
	EXIT_USAGE = 2,
};

/* The command that messages begin with from now on. */
void message_command(const char *name);

/* A line of its own, behind the name regwait. */
void message(FILE *to, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* One sentence on standard error, behind the command's name. Returns EXIT_NO. */
int fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same for an invalid command line; points at --help. Returns EXIT_USAGE. */
int misuse(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* What an error of the system is, and what to do where that is known. err: errno, or less than 0. */
const char *error_text(int err);

/*
 * Writes out what was printed. Returns code; or if not all could be written, on a full disk for
 * example, says so once and returns EXIT_NO.
 */
int told(int code);

/* Is this a terminal that knows how to move the cursor and to highlight? */
bool can_highlight(int fd);

/* Returns memory. Without memory the command ends. */
void *must(void *p);

#endif
