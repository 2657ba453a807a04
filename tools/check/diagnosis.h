/* SPDX-License-Identifier: MIT */
/*
 * The one line and the one command that a check ends with. The first reason why not is kept.
 */
#ifndef REGWAIT_DIAGNOSIS_H
#define REGWAIT_DIAGNOSIS_H

#include <stdbool.h>

struct diagnosis {
	bool good;
	char *text;
	char *next;
	bool kept_out; /* of a program: nothing can be preloaded into it */
};

/* next: a command, its words quoted; it is copied. */
void diagnosis_no(struct diagnosis *d, const char *next, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void diagnosis_yes(struct diagnosis *d, const char *next, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The same with the command given as words, NULL at the end, that have yet to be quoted. */
void diagnosis_no_words(struct diagnosis *d, const char *const *next, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void diagnosis_yes_words(struct diagnosis *d, const char *const *next, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
