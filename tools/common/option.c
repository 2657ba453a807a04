/* SPDX-License-Identifier: MIT */
/*
 * Names an option that getopt_long(3) did not understand.
 */
#include <getopt.h>
#include <string.h>

#include "message.h"
#include "number.h"
#include "option.h"

int option_misuse(int result, char **argv)
{
	const char *word = argv[optind - 1];

	if (result == ':')
		return misuse("%s needs a value", word);
	if (!optopt)
		return misuse("no such option: %s", word);
	/* A long one, with a value that it does not take; else a letter, of several in a word. */
	if (!strncmp(word, "--", 2) && strchr(word, '='))
		return misuse("%.*s takes no value", (int)strcspn(word, "="), word);
	return misuse("no such option: -%c", optopt);
}

bool option_is_spin(const char *value)
{
	uint64_t us;

	return !strcmp(value, "off") || !strcmp(value, "auto") ||
	       (number_uint64(value, &us) && us >= 1 && us <= 1000);
}
