/* SPDX-License-Identifier: MIT */
/*
 * Quotes for a shell. Bytes that cannot be printed are written in octal ($'...'), so that a name
 * cannot send commands to the terminal.
 */
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "message.h"
#include "quote.h"

static bool is_plain(const char *text)
{
	return *text && !text[strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
					   "0123456789_./:=@%+,-")];
}

static bool is_printable(const char *text)
{
	for (; *text; text++)
		if (iscntrl((unsigned char)*text))
			return false;
	return true;
}

static void put_escaped(FILE *f, const char *text)
{
	fputs("$'", f);
	for (; *text; text++) {
		if (*text == '\'' || *text == '\\')
			fprintf(f, "\\%c", *text);
		else if (iscntrl((unsigned char)*text))
			fprintf(f, "\\%03o", (unsigned char)*text);
		else
			fputc(*text, f);
	}
	fputc('\'', f);
}

static void put_word(FILE *f, const char *text)
{
	if (is_plain(text)) {
		fputs(text, f);
		return;
	}
	if (!is_printable(text)) {
		put_escaped(f, text);
		return;
	}
	fputc('\'', f);
	for (; *text; text++) {
		if (*text == '\'')
			fputs("'\\''", f);
		else
			fputc(*text, f);
	}
	fputc('\'', f);
}

char *quote_words(const char *const *words)
{
	char *text = NULL;
	size_t size;
	FILE *f = must(open_memstream(&text, &size));
	bool first = true;

	for (; *words; words++) {
		if (!first)
			fputc(' ', f);
		first = false;
		put_word(f, *words);
	}
	fclose(f);
	return must(text);
}

char *quote(const char *text)
{
	const char *const words[] = { text, NULL };

	return quote_words(words);
}
