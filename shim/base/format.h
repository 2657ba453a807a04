/* SPDX-License-Identifier: MIT */
/*
 * snprintf(3) for our messages, with %s, %d, %u, %% and the lengths l and ll alone. libc's takes up
 * to two kilobytes of stack, which in the program's threads and handlers may not be there.
 */
#ifndef REGWAIT_FORMAT_H
#define REGWAIT_FORMAT_H

#include <stdarg.h>
#include <stddef.h>

/* Returns the length of the whole text, of which at most size - 1 bytes are in to. */
size_t format_text(char *to, size_t size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
size_t format_list(char *to, size_t size, const char *format, va_list args)
	__attribute__((format(printf, 3, 0)));

/* Copies text, with a question mark for what would not show as one character in a line. */
void format_printable(char *to, size_t size, const char *text);

#endif
