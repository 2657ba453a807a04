/* SPDX-License-Identifier: MIT */
/*
 * json [KEY]...: reads JSON objects, one behind the other, from standard input; fails if
 * they are not valid or there is none. Prints what the keys, one within the other, lead to
 * in the last of them (in an array, the key is a number), and fails if they lead nowhere.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
	json_t *last = NULL, *next;
	json_error_t error;
	int i;

	while ((next = json_loadf(stdin, JSON_DISABLE_EOF_CHECK | JSON_REJECT_DUPLICATES,
				  &error))) {
		json_decref(last);
		last = next;
		if ((i = getc(stdin)) != '\n')
			ungetc(i, stdin);
		if ((i = getc(stdin)) == EOF)
			break;
		ungetc(i, stdin);
	}
	if (!next) {
		fprintf(stderr, "json: %s\n", error.text);
		return 1;
	}
	for (i = 1; i < argc; i++) {
		last = json_is_array(last) ? json_array_get(last, strtoul(argv[i], NULL, 10)) :
					     json_object_get(last, argv[i]);
		if (!last) {
			fprintf(stderr, "json: no %s\n", argv[i]);
			return 1;
		}
	}
	if (argc > 1 && json_is_string(last)) {
		puts(json_string_value(last));
	} else if (argc > 1) {
		json_dumpf(last, stdout, JSON_ENCODE_ANY | JSON_COMPACT);
		putchar('\n');
	}
	return 0;
}
