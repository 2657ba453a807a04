/* SPDX-License-Identifier: MIT */
/*
 * Reads numbers of a command line. The whole text must be a number.
 */
#ifndef REGWAIT_NUMBER_H
#define REGWAIT_NUMBER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Nothing but digits? */
bool number_is_digits(const char *text);

/* Decimal digits, up to the largest value of the type. */
bool number_unsigned(const char *text, unsigned *value);
bool number_uint64(const char *text, uint64_t *value);

/* A process id, or 0 for what cannot be one. */
pid_t number_pid(const char *text);

/* A real number within these limits. */
bool number_real(const char *text, double least, double most, double *value);

#endif
