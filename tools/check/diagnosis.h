/* SPDX-License-Identifier: MIT */
/*
 * The diagnosis of a check: one line, and one command to run next. A new one replaces it only if it
 * is worse, so of two that are equally bad the first stays.
 */
#ifndef REGWAIT_DIAGNOSIS_H
#define REGWAIT_DIAGNOSIS_H

#include <stdbool.h>

enum diagnosis_kind {
	DIAGNOSIS_GOOD,
	DIAGNOSIS_POSSIBLE, /* it could gain, but the shim is not there, or is switched off */
	DIAGNOSIS_NO,
};

struct diagnosis {
	enum diagnosis_kind kind;
	char *text;
	char *next;
	bool kept_out; /* nothing can be preloaded into the program */
};

/* next: a command whose words are quoted already. It is copied. */
void diagnosis_set(struct diagnosis *d, enum diagnosis_kind kind, const char *next,
		   const char *format, ...) __attribute__((format(printf, 4, 5)));

/* The same, but the command is a list of unquoted words with NULL at the end. */
void diagnosis_words(struct diagnosis *d, enum diagnosis_kind kind, const char *const *next,
		     const char *format, ...) __attribute__((format(printf, 4, 5)));

#define diagnosis_no(d, ...)	    diagnosis_set(d, DIAGNOSIS_NO, __VA_ARGS__)
#define diagnosis_yes(d, ...)	    diagnosis_set(d, DIAGNOSIS_GOOD, __VA_ARGS__)
#define diagnosis_no_words(d, ...)  diagnosis_words(d, DIAGNOSIS_NO, __VA_ARGS__)
#define diagnosis_yes_words(d, ...) diagnosis_words(d, DIAGNOSIS_GOOD, __VA_ARGS__)

#endif
