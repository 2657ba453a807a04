/* SPDX-License-Identifier: MIT */
/*
 * Text for people and JSON for programs, from one description: a list of values, each with a key
 * (for JSON) and a label (for text), in sections.
 */
#ifndef REGWAIT_REPORT_H
#define REGWAIT_REPORT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct report;

struct report *report_new(void);
void report_free(struct report *r);

/*
 * Begins a section: the values that follow lie in an object with this key, under this heading.
 * NULL: at the top.
 */
void report_section(struct report *r, const char *key, const char *heading);

/* Begins a section that is one more object in the array with this key. */
void report_item(struct report *r, const char *key);

/* Adds a value; label NULL: in JSON only. The text shows the value and then the note (or NULL). */
void report_string(struct report *r, const char *key, const char *label, const char *value);
/* Adds a command, which is never broken into lines, so that it can be pasted. */
void report_command(struct report *r, const char *key, const char *label, const char *command);
void report_integer(struct report *r, const char *key, const char *label, int64_t value,
		    const char *note);
void report_real(struct report *r, const char *key, const char *label, double value,
		 const char *unit);
void report_bool(struct report *r, const char *key, const char *label, bool value,
		 const char *note);

/* Writes a number as report_real() shows it: for notes, which so round like the value. */
void report_digits(double value, char *text, size_t size);

/* A value that is not available: null in JSON, the note alone in text. */
void report_none(struct report *r, const char *key, const char *label, const char *note);

/* How the last value looks on a terminal. */
enum report_colour { REPORT_PLAIN, REPORT_RED, REPORT_GREEN, REPORT_YELLOW };

void report_colour(struct report *r, enum report_colour colour);

/*
 * Prints all, as JSON in one line or as text. On a terminal long lines are broken; elsewhere a
 * value is one line.
 */
void report_print(const struct report *r, bool json, FILE *to);

#endif
