/* SPDX-License-Identifier: MIT */
/*
 * Tells what getopt_long(3) did not understand. Its own message would be a second one, so opterr must
 * be 0, and the string of short options begin with a colon (behind a plus sign).
 */
#ifndef REGWAIT_OPTION_H
#define REGWAIT_OPTION_H

#include <stdbool.h>

/* After getopt_long() returned '?' or ':'. Returns EXIT_USAGE. */
int option_misuse(int result, char **argv);

/* Is it a value of REGWAIT_SPIN? */
bool option_is_spin(const char *value);

#endif
