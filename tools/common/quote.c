/* SPDX-License-Identifier: MIT */
/*
 * Quotes for a shell. Bytes that may not be shown are written in octal ($'...'), so that a name
 * cannot send commands to the terminal.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "message.h"
#include "quote.h"
#include "text.h"

static bool is_plain(const char *text)
{
	return *text && !text[strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
					   "0123456789_./:=@%+,-")];
}

static void put_escaped(FILE *f, const char *text)
{
	size_t length;

	fputs("$'", f);
	for (; *text; text += length ? length : 1) {
		length = text_character(text);
		if (*text == '\'' || *text == '\\')
			fprintf(f, "\\%c", *text);
		else if (!length)
			fprintf(f, "\\%03o", (unsigned char)*text);
		else
			fwrite(text, 1, length, f);
	}
	fputc('\'', f);
}

static void put_word(FILE *f, const char *text)
{
	if (is_plain(text)) {
		fputs(text, f);
		return;
	}
	if (!text_is_printable(text)) {
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
