/* SPDX-License-Identifier: MIT */
/*
 * Keeps the diagnosis of a check.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/message.h"
#include "common/quote.h"
#include "diagnosis.h"

/* Takes next over. */
static void set(struct diagnosis *d, bool good, char *next, const char *format, va_list args)
{
	if (!d->good) {
		free(next);
		return;
	}
	free(d->text);
	free(d->next);
	d->good = good;
	d->next = must(next);
	if (vasprintf(&d->text, format, args) < 0)
		must(NULL);
}

void diagnosis_no(struct diagnosis *d, const char *next, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	set(d, false, strdup(next), format, args);
	va_end(args);
}

void diagnosis_yes(struct diagnosis *d, const char *next, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	set(d, true, strdup(next), format, args);
	va_end(args);
}

void diagnosis_no_words(struct diagnosis *d, const char *const *next, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	set(d, false, quote_words(next), format, args);
	va_end(args);
}

void diagnosis_yes_words(struct diagnosis *d, const char *const *next, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	set(d, true, quote_words(next), format, args);
	va_end(args);
}
