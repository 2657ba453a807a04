/* SPDX-License-Identifier: MIT */
/* How many mappings this process has. */
#ifndef MAPPINGS_H
#define MAPPINGS_H

#include <stdio.h>

static inline long mappings_count(void)
{
	FILE *f = fopen("/proc/self/maps", "re");
	long n = 0;
	int c;

	while (f && (c = getc(f)) != EOF)
		n += c == '\n';
	if (f)
		fclose(f);
	return n;
}

#endif
