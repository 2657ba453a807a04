/* SPDX-License-Identifier: MIT */
/*
 * Tells what may be shown: characters in UTF-8, but no control characters (those of one byte, and
 * U+0080 to U+009F, of which some begin commands for the terminal as ESC does), no ends of a line, and
 * none that reverse the direction of what follows, by which a name may pass for another.
 */
#include <string.h>

#include "text.h"

/* How many bytes the first one promises; 0: none begins so. */
static size_t promised(unsigned char first)
{
	return first < 0x80 ? 1 :
	       first < 0xc2 ? 0 :
	       first < 0xe0 ? 2 :
	       first < 0xf0 ? 3 :
	       first < 0xf5 ? 4 :
			      0;
}

static bool is_shown(unsigned long c)
{
	static const unsigned long hidden[][2] = {
		{ 0, 0x1f },	    { 0x7f, 0x9f },	/* control characters */
		{ 0x61c, 0x61c },   { 0x200e, 0x200f }, /* directions */
		{ 0x2028, 0x2029 }, { 0x202a, 0x202e }, /* ends of lines, directions */
		{ 0x2066, 0x2069 }, { 0xd800, 0xdfff }, /* directions, surrogates */
		{ 0xfff9, 0xfffb }, { 0x110000, ~0UL }, /* annotations, beyond the last */
	};
	size_t i;

	for (i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++)
		if (c >= hidden[i][0] && c <= hidden[i][1])
			return false;
	return true;
}

size_t text_character(const char *text)
{
	/* The least that needs so many bytes: what is written in more than it needs is no UTF-8. */
	static const unsigned long least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const unsigned char *t = (const unsigned char *)text;
	size_t length = promised(t[0]), i;
	unsigned long c = length > 1 ? t[0] & (0x7f >> length) : t[0];

	for (i = 1; i < length; i++) {
		if ((t[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (t[i] & 0x3f);
	}
	return length && c >= least[length] && is_shown(c) ? length : 0;
}

bool text_is_printable(const char *text)
{
	size_t length;

	for (; *text; text += length) {
		length = text_character(text);
		if (!length)
			return false;
	}
	return true;
}

void text_make_printable(char *text)
{
	size_t length;

	while (*text) {
		length = text_character(text);
		if (!length)
			*text = '?';
		text += length ? length : 1;
	}
}

const char *text_name(const char *name)
{
	return *name ? name : "''";
}

/* Is this a byte that a character goes on with? */
static bool goes_on(char byte)
{
	return (byte & 0xc0) == 0x80;
}

void text_shorten(char *text, size_t longest)
{
	static const char left_out[] = " ... ";
	size_t length = strlen(text), half = (longest - strlen(left_out)) / 2;
	char *end = text + half;
	const char *rest = text + length - half;

	if (length <= longest)
		return;
	while (goes_on(*end))
		end--;
	while (goes_on(*rest))
		rest++;
	memmove(end + strlen(left_out), rest, strlen(rest) + 1);
	memcpy(end, left_out, sizeof(left_out) - 1);
}
