/* SPDX-License-Identifier: MIT */
/*
 * Cuts a failing sequence: first lines, in ever smaller runs, then the keys of each line
 * that remains, then single bits of flags. Each step must still make the variants differ.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "judge.h"

#define MAX_SECONDS 600

struct text {
	char **line;
	size_t nr;
};

static struct text split(const char *text)
{
	struct text t = { 0 };
	char *copy = strdup(text), *rest = copy, *row;

	t.line = calloc(strlen(text) + 1, sizeof(*t.line));
	if (!copy || !t.line)
		die("no memory to shrink");
	while ((row = strsep(&rest, "\n"))) {
		if (*row)
			t.line[t.nr++] = strdup(row);
	}
	free(copy);
	return t;
}

/* The text without the lines from..to; with instead in their place, unless it is NULL. */
static char *join(const struct text *t, size_t from, size_t to, const char *instead)
{
	size_t room = instead ? strlen(instead) + 2 : 1;
	char *out, *p;

	for (size_t i = 0; i < t->nr; i++)
		room += strlen(t->line[i]) + 1;
	p = out = malloc(room);
	if (!out)
		die("no memory to shrink");
	*p = '\0';
	for (size_t i = 0; i < t->nr; i++) {
		if (i == from && instead)
			p += sprintf(p, "%s\n", instead);
		if (i < from || i >= to)
			p += sprintf(p, "%s\n", t->line[i]);
	}
	return out;
}

/* Two rounds are enough here: a step that noise let through shows at the end. */
static bool differs(const struct setup *s, const char *text)
{
	const struct subject sub = { .text = text };
	struct trace a[VARIANTS], b[VARIANTS];
	bool yes;

	for (int variant = 0; variant < VARIANTS; variant++)
		run_one(s, &sub, variant, &a[variant]);
	yes = !trace_same(&a[PLAIN], &a[SHIM]);
	for (int variant = 0; yes && variant < VARIANTS; variant++) {
		run_one(s, &sub, variant, &b[variant]);
		yes = trace_same(&a[variant], &b[variant]);
		trace_free(&b[variant]);
	}
	trace_free(&a[PLAIN]);
	trace_free(&a[SHIM]);
	return yes;
}

static bool try(const struct setup *s, const struct text *t, size_t from, size_t to,
		const char *instead, time_t until)
{
	char *text;
	bool yes;

	if (time(NULL) > until)
		return false;
	text = join(t, from, to, instead);
	yes = differs(s, text);
	free(text);
	return yes;
}

static bool cut_lines(const struct setup *s, struct text *t, time_t until)
{
	bool cut = false;

	for (size_t run = t->nr / 2; run; run /= 2) {
		for (size_t i = 0; i + run <= t->nr;) {
			if (!try(s, t, i, i + run, NULL, until)) {
				i += run;
				continue;
			}
			for (size_t k = i; k < i + run; k++)
				free(t->line[k]);
			memmove(&t->line[i], &t->line[i + run],
				(t->nr - i - run) * sizeof(*t->line));
			t->nr -= run;
			cut = true;
		}
	}
	return cut;
}

/* The line without its nth key; NULL if it has none. */
static char *without_key(const char *line, int nth)
{
	char *out = strdup(line), *key = out;

	while (out && nth-- >= 0) {
		key = strchr(key + 1, ' ');
		if (!key) {
			free(out);
			return NULL;
		}
	}
	if (out) {
		const char *rest = strchr(key + 1, ' ');

		memmove(key, rest ? rest : "", rest ? strlen(rest) + 1 : 1);
	}
	return out;
}

/* The line with one bit less in its flags; NULL if that bit is not set. */
static char *without_bit(const char *line, int bit)
{
	const char *flags = strstr(line, " f=0x");
	unsigned long v = flags ? strtoul(flags + 3, NULL, 16) : 0;
	const char *rest;
	char *out;

	if (!(v & 1ul << bit))
		return NULL;
	rest = strchr(flags + 1, ' ');
	if (asprintf(&out, "%.*s f=%#lx%s", (int)(flags - line), line, v & ~(1ul << bit),
		     rest ? rest : "") < 0)
		die("no memory to shrink");
	return out;
}

static bool replace(const struct setup *s, struct text *t, size_t i, char *with, time_t until)
{
	if (!with)
		return false;
	if (!try(s, t, i, i + 1, with, until)) {
		free(with);
		return false;
	}
	free(t->line[i]);
	t->line[i] = with;
	return true;
}

static bool cut_keys(const struct setup *s, struct text *t, time_t until)
{
	bool cut = false;

	for (size_t i = 0; i < t->nr; i++) {
		char *with;

		for (int key = 0; (with = without_key(t->line[i], key));) {
			if (replace(s, t, i, with, until))
				cut = true;
			else
				key++;
		}
		for (int bit = 0; bit < 24; bit++)
			cut |= replace(s, t, i, without_bit(t->line[i], bit), until);
	}
	return cut;
}

char *shrink(const struct setup *s, const char *text)
{
	time_t until = time(NULL) + MAX_SECONDS;
	struct text t = split(text);
	bool cut;
	char *out;

	do {
		cut = cut_lines(s, &t, until);
		cut |= cut_keys(s, &t, until);
	} while (cut);
	out = join(&t, t.nr, t.nr, NULL);
	for (size_t i = 0; i < t.nr; i++)
		free(t.line[i]);
	free(t.line);
	return out;
}
