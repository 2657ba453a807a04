/* SPDX-License-Identifier: MIT */
/* Runs the program under test, plain or preloaded, and keeps what it printed. */
#ifndef FUZZ_ARM_H
#define FUZZ_ARM_H

#include <stdbool.h>
#include <stddef.h>

enum { PLAIN, SHIM, VARIANTS };

struct setup {
	const char *seq;	       /* the program that runs sequences */
	const char *preload[VARIANTS]; /* NULL: none */
	const char *stats;	       /* where preloaded programs append their counts, or NULL */
	const char *without;	       /* operations to leave out, or NULL */
	const char *dir;	       /* for files of our own */
};

/* What to run: seeds, or a text. */
struct subject {
	unsigned long long from, to;
	const char *text;
};

struct trace {
	char *text;
	size_t len;
	int status; /* as from waitpid */
};

/* Runs the subject in both variants at the same time. */
void run_both(const struct setup *s, const struct subject *sub, struct trace t[VARIANTS]);

/* Runs it in one variant. */
void run_one(const struct setup *s, const struct subject *sub, int variant, struct trace *t);

/* The text of seeds, for the shrinker to cut. */
char *seeds_text(const struct setup *s, unsigned long long from, unsigned long long to);

void trace_free(struct trace *t);
bool trace_same(const struct trace *a, const struct trace *b);

void die(const char *fmt, ...) __attribute__((noreturn, format(printf, 1, 2)));

#endif
