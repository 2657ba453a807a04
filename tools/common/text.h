/* SPDX-License-Identifier: MIT */
/*
 * Text that others wrote: names of files and programs, arguments, lines that programs print. It may
 * contain any bytes, and so commands for the terminal. Whatever of it is shown goes through here.
 */
#ifndef REGWAIT_TEXT_H
#define REGWAIT_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * How many bytes the character has that begins here, if it may be shown. 0: it may not, or it is no
 * UTF-8; that says nothing of the byte behind this one.
 */
size_t text_character(const char *text);

/* May all of it be shown? */
bool text_is_printable(const char *text);

/* The name of a file or the like, in a sentence: an empty one would not be seen there. */
const char *text_name(const char *name);

/* Cuts the middle out of what is longer. */
void text_shorten(char *text, size_t longest);

/* Replaces what may not be shown by question marks, one for each byte. */
void text_make_printable(char *text);

#endif
