/* SPDX-License-Identifier: MIT */
/*
 * Reads numbers. A number out of range is refused, and not replaced by the nearest valid one.
 */
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "number.h"

bool number_is_digits(const char *text)
{
	return *text && !text[strspn(text, "0123456789")];
}

bool number_uint64(const char *text, uint64_t *value)
{
	unsigned long long n;

	errno = 0;
	n = strtoull(text, NULL, 10);
	if (!number_is_digits(text) || errno)
		return false;
	*value = n;
	return true;
}

bool number_unsigned(const char *text, unsigned *value)
{
	uint64_t n;

	if (!number_uint64(text, &n) || n > UINT_MAX)
		return false;
	*value = n;
	return true;
}

pid_t number_pid(const char *text)
{
	unsigned n;

	return number_unsigned(text, &n) && n <= INT_MAX ? (pid_t)n : 0;
}

bool number_real(const char *text, double least, double most, double *value)
{
	char *end;
	double d = strtod(text, &end);

	if (end == text || *end || !isfinite(d) || d < least || d > most)
		return false;
	*value = d;
	return true;
}
