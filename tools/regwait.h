/* SPDX-License-Identifier: MIT */
/*
 * What the subcommands share: their table's type, errors, exit codes.
 */
#ifndef REGWAIT_TOOL_H
#define REGWAIT_TOOL_H

#include <stdbool.h>

/* Exit codes of every subcommand; those that judge add codes of their own. */
enum {
	EXIT_OK		= 0,
	EXIT_NO		= 1,	/* the answer is no, or it failed; one line says why */
	EXIT_USAGE	= 2,
};

/* A subcommand: argv[0] is its name. Returns the exit code. */
int command_check(int argc, char **argv);
int command_run(int argc, char **argv);
int command_stat(int argc, char **argv);
int command_set(int argc, char **argv);
int command_compare(int argc, char **argv);
int command_env(int argc, char **argv);

/* One sentence on standard error, behind the subcommand's name. Returns EXIT_NO. */
int fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same for a command line that makes no sense; points at --help. Returns EXIT_USAGE. */
int misuse(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Whether text on standard output may be coloured: a terminal, and NO_COLOR is not set. */
bool may_colour(void);

#endif
