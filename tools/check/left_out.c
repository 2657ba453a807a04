/* SPDX-License-Identifier: MIT */
/*
 * Reads the shim's variables in the same way as the shim will.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "left_out.h"

/* Is the name one of those in this list, which has colons between them? */
static bool listed(const char *list, const char *name)
{
	size_t n, len = strlen(name);

	for (; list && *list; list += n + (list[n] == ':')) {
		n = strcspn(list, ":");
		if (n == len && !memcmp(list, name, n))
			return true;
	}
	return false;
}

const char *left_out_by(const char *program)
{
	const char *slash = strrchr(program, '/'), *name = slash ? slash + 1 : program;
	const char *mode = getenv("REGWAIT"), *only = getenv("REGWAIT_ONLY");

	if (listed(getenv("REGWAIT_SKIP"), name))
		return "REGWAIT_SKIP";
	if (only && *only && !listed(only, name))
		return "REGWAIT_ONLY";
	return mode && !strcmp(mode, "off") ? "REGWAIT" : NULL;
}

const char *left_out_how(const char *variable)
{
	return !strcmp(variable, "REGWAIT_SKIP") ? "REGWAIT_SKIP names" :
	       !strcmp(variable, "REGWAIT_ONLY") ? "REGWAIT_ONLY does not name" :
						   "REGWAIT=off in the environment keeps off";
}
