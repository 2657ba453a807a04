/* SPDX-License-Identifier: MIT */
/*
 * Writes and reads the names of stats pages. Without printf(), which takes more stack than the
 * library may use, and without base/format.h, which is above contract/.
 */
#include <limits.h>

#include "stats_page_name.h"

static char *put_number(char *to, uint64_t n)
{
	char digits[20];
	int i = 0;

	do {
		digits[i++] = '0' + n % 10;
		n /= 10;
	} while (n);
	while (i)
		*to++ = digits[--i];
	return to;
}

/*
 * Reads a number and moves *from behind it. False: there is none, it is too large, or it begins
 * with a zero, as we write none.
 */
static bool get_number(const char **from, uint64_t max, uint64_t *n)
{
	const char *at = *from;

	if (*at == '0' && at[1] >= '0' && at[1] <= '9')
		return false;
	for (*n = 0; *at >= '0' && *at <= '9'; at++) {
		if (*n > (max - (*at - '0')) / 10)
			return false;
		*n = *n * 10 + (*at - '0');
	}
	if (at == *from)
		return false;
	*from = at;
	return true;
}

void stats_page_name(char *to, uint64_t pid_namespace, int pid)
{
	to = put_number(to, pid_namespace);
	*to++ = '-';
	*put_number(to, pid) = '\0';
}

void stats_page_name_hidden(char *to, uint64_t pid_namespace, int pid, int tid)
{
	*to++ = '.';
	stats_page_name(to, pid_namespace, pid);
	while (*to)
		to++;
	*to++ = '.';
	*put_number(to, tid) = '\0';
}

bool stats_page_name_read(const char *name, uint64_t *pid_namespace, int *pid, bool *hidden)
{
	uint64_t n;

	*hidden = *name == '.';
	name += *hidden;
	if (!get_number(&name, UINT64_MAX, pid_namespace) || *name++ != '-' ||
	    !get_number(&name, INT_MAX, &n) || !n)
		return false;
	*pid = n;
	if (*hidden && (*name++ != '.' || !get_number(&name, INT_MAX, &n)))
		return false;
	return !*name;
}
