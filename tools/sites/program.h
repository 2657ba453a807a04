/* SPDX-License-Identifier: MIT */
/*
 * The plans of a program and of the libraries that are loaded with it.
 */
#ifndef REGWAIT_SITES_PROGRAM_H
#define REGWAIT_SITES_PROGRAM_H

/*
 * Writes them into the user's cache, where the library finds them by their keys, and returns the
 * setting REGWAIT_SITES=DIRECTORY for the program's environment. NULL: that failed, and one line on
 * standard error says why.
 */
char *sites_of_program(const char *program);

#endif
