/* SPDX-License-Identifier: MIT */
/*
 * Finds the figure of --metric. A number is read from what matched, and from nothing behind it. What
 * could be read in two ways is no number: 1,234 may be a thousand or one.
 */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/message.h"
#include "figure.h"

/* Does the number go on behind the point where strtod stopped? */
static bool goes_on(const char *rest)
{
	return *rest && strchr(",.':", *rest) && isdigit((unsigned char)rest[1]);
}

static void read_number(struct figure *f, const char *match, size_t size)
{
	char *text = must(strndup(match, size)), *end;

	snprintf(f->text, sizeof(f->text), "%s", text);
	f->value = strtod(text, &end);
	f->usable = end != text && !goes_on(end) && isfinite(f->value) && f->value > 0;
	free(text);
}

void figure_find(struct figure *f, const regex_t *regex, const char *output, size_t size)
{
	/* REG_STARTEND: the output may contain NUL bytes. */
	regmatch_t m[2] = { { .rm_so = 0, .rm_eo = size } };
	int part;

	if (f->found || regexec(regex, output, 2, m, REG_STARTEND))
		return;
	f->found = true;
	part = m[1].rm_so >= 0;
	read_number(f, output + m[part].rm_so, m[part].rm_eo - m[part].rm_so);
}
