/* SPDX-License-Identifier: MIT */
/*
 * Formats text with little stack and without libc.
 */
#include <stdbool.h>

#include "base/format.h"

struct out {
	char *to;
	size_t size, len; /* len counts on when there is no room left */
};

static void put(struct out *o, char c)
{
	if (o->len + 1 < o->size)
		o->to[o->len] = c;
	o->len++;
}

static void put_string(struct out *o, const char *s)
{
	while (*s)
		put(o, *s++);
}

static void put_number(struct out *o, unsigned long long n, bool negative)
{
	char digits[24];
	unsigned i = 0;

	if (negative) {
		put(o, '-');
		n = -n;
	}
	do {
		digits[i++] = '0' + n % 10;
		n /= 10;
	} while (n);
	while (i)
		put(o, digits[--i]);
}

size_t format_list(char *to, size_t size, const char *format, va_list args)
{
	struct out o = { .to = to, .size = size };
	long long n;
	int longs;

	for (; *format; format++) {
		if (*format != '%') {
			put(&o, *format);
			continue;
		}
		for (longs = 0; *++format == 'l';)
			longs++;
		switch (*format) {
		case 's':
			put_string(&o, va_arg(args, const char *));
			break;
		case 'd':
			n = longs > 1 ? va_arg(args, long long) :
			    longs     ? va_arg(args, long) :
					va_arg(args, int);
			put_number(&o, n, n < 0);
			break;
		case 'u':
			put_number(&o,
				   longs > 1 ? va_arg(args, unsigned long long) :
				   longs     ? va_arg(args, unsigned long) :
					       va_arg(args, unsigned),
				   false);
			break;
		default:
			put(&o, *format);
		}
	}
	if (size)
		to[o.len < size ? o.len : size - 1] = '\0';
	return o.len;
}

size_t format_text(char *to, size_t size, const char *format, ...)
{
	va_list args;
	size_t len;

	va_start(args, format);
	len = format_list(to, size, format, args);
	va_end(args);
	return len;
}

void format_printable(char *to, size_t size, const char *text)
{
	size_t n;

	for (n = 0; text[n] && n + 1 < size; n++)
		to[n] = text[n] >= ' ' && text[n] <= '~' ? text[n] : '?';
	to[n] = '\0';
}
