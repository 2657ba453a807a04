/* SPDX-License-Identifier: MIT */
/*
 * A sequence as text: one operation per line, "name key=value key=value". A key that is
 * not given is 0; '#' starts a comment. The same text is what the generator makes, what
 * the executor runs and what the shrinker cuts.
 */
#ifndef FUZZ_TEXT_H
#define FUZZ_TEXT_H

#include <stddef.h>

#include "line.h"

struct prog {
	struct line *line;
	size_t nr, room;
};

extern const char *const *const key_words[K_KEYS];
extern const char *const key_name[K_KEYS];

/* Appends; the line's keys are those that its operation knows. */
void prog_add(struct prog *p, const struct line *l);
void prog_free(struct prog *p);

/* Returns 0, or -1 with one sentence on stderr. */
int prog_parse(struct prog *p, char *text, const char *from);

/* Writes the line without a newline; returns its length, cut to fit. */
size_t line_print(const struct line *l, char *buf, size_t sz);

#endif
