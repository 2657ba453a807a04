/* SPDX-License-Identifier: MIT */
/*
 * snprintf(3) for our messages. It knows %s, %d, %u, %%, and the length modifiers l and ll. libc's
 * needs up to two kilobytes of stack, which a thread or signal handler of the program may not have.
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

/* Copies text, with a question mark for each byte that is not printable ASCII. */
void format_printable(char *to, size_t size, const char *text);

#endif
