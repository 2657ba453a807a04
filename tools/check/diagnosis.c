/* SPDX-License-Identifier: MIT */
/*
 * Keeps the diagnosis with which a check ends.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/message.h"
#include "common/quote.h"
#include "diagnosis.h"

/* Becomes the owner of next, which is freed later. */
static void set(struct diagnosis *d, enum diagnosis_kind kind, char *next, const char *format,
		va_list args)
{
	if (kind < d->kind || (kind == d->kind && kind != DIAGNOSIS_GOOD)) {
		free(next);
		return;
	}
	free(d->text);
	free(d->next);
	d->kind = kind;
	d->next = must(next);
	if (vasprintf(&d->text, format, args) < 0)
		must(NULL);
}

void diagnosis_set(struct diagnosis *d, enum diagnosis_kind kind, const char *next,
		   const char *format, ...)
{
	va_list args;

	va_start(args, format);
	set(d, kind, strdup(next), format, args);
	va_end(args);
}

void diagnosis_words(struct diagnosis *d, enum diagnosis_kind kind, const char *const *next,
		     const char *format, ...)
{
	va_list args;

	va_start(args, format);
	set(d, kind, quote_words(next), format, args);
	va_end(args);
}
