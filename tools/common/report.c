/* SPDX-License-Identifier: MIT */
/*
 * Keeps what a command has to say, and prints it as text or as JSON.
 */
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "message.h"
#include "report.h"
#include "text.h"

struct line {
	char *label; /* NULL: a heading */
	char *text;
	enum report_colour colour;
	bool whole;
};

struct report {
	json_t *root, *section;
	struct line *lines;
	size_t nr;
};

/* May colours be used? On a terminal that has some, if NO_COLOR is not set. */
static bool may_colour(void)
{
	const char *no = getenv("NO_COLOR");

	return can_highlight(STDOUT_FILENO) && !(no && *no);
}

struct report *report_new(void)
{
	struct report *r = must(calloc(1, sizeof(*r)));

	r->root = r->section = must(json_object());
	return r;
}

void report_free(struct report *r)
{
	size_t i;

	for (i = 0; i < r->nr; i++) {
		free(r->lines[i].label);
		free(r->lines[i].text);
	}
	free(r->lines);
	json_decref(r->root);
	free(r);
}

static void add_line(struct report *r, const char *label, const char *value, const char *note)
{
	struct line *l;

	r->lines = must(realloc(r->lines, (r->nr + 1) * sizeof(*r->lines)));
	l = &r->lines[r->nr++];
	l->colour = REPORT_PLAIN;
	l->whole = false;
	l->label = label ? must(strdup(label)) : NULL;
	if (label)
		text_make_printable(l->label);
	if (asprintf(&l->text, "%s%s%s", value, *value && note && *note ? " " : "",
		     note ? note : "") < 0)
		must(NULL);
	text_make_printable(l->text);
}

void report_section(struct report *r, const char *key, const char *heading)
{
	r->section = r->root;
	if (key) {
		r->section = must(json_object());
		json_object_set_new(r->root, key, r->section);
	}
	if (heading)
		add_line(r, NULL, heading, NULL);
}

void report_item(struct report *r, const char *key)
{
	json_t *array = json_object_get(r->root, key);

	if (!array) {
		array = must(json_array());
		json_object_set_new(r->root, key, array);
	}
	r->section = must(json_object());
	json_array_append_new(array, r->section);
}

/* JSON is UTF-8, and a file's name may contain any bytes: other bytes become question marks. */
static json_t *json_from_bytes(const char *value)
{
	char *copy = must(strdup(value)), *at;
	json_t *text;

	for (at = copy; *at; at++)
		if ((unsigned char)*at >= 0x80)
			*at = '?';
	text = json_string(copy);
	free(copy);
	return text;
}

void report_string(struct report *r, const char *key, const char *label, const char *value)
{
	json_t *text = json_string(value);

	json_object_set_new(r->section, key, text ? text : json_from_bytes(value));
	if (label)
		add_line(r, label, value, NULL);
}

void report_command(struct report *r, const char *key, const char *label, const char *command)
{
	report_string(r, key, label, command);
	r->lines[r->nr - 1].whole = true;
}

void report_integer(struct report *r, const char *key, const char *label, int64_t value,
		    const char *note)
{
	char text[32];

	json_object_set_new(r->section, key, json_integer(value));
	snprintf(text, sizeof(text), "%" PRId64, value);
	if (label)
		add_line(r, label, text, note);
}

void report_digits(double value, char *text, size_t size)
{
	/* From 9999.5 on, %.4g would say 1e+04. */
	snprintf(text, size, fabs(value) < 1000 ? "%.4g" : "%.0f", value);
}

void report_real(struct report *r, const char *key, const char *label, double value,
		 const char *unit)
{
	char text[48];

	/* JSON has no infinity. */
	json_object_set_new(r->section, key, isfinite(value) ? json_real(value) : json_null());
	report_digits(value, text, sizeof(text));
	if (label)
		add_line(r, label, text, unit);
}

void report_bool(struct report *r, const char *key, const char *label, bool value, const char *note)
{
	json_object_set_new(r->section, key, json_boolean(value));
	if (label)
		add_line(r, label, value ? "yes" : "no", note);
}

void report_none(struct report *r, const char *key, const char *label, const char *note)
{
	json_object_set_new(r->section, key, json_null());
	if (label)
		add_line(r, label, "", note);
}

void report_colour(struct report *r, enum report_colour colour)
{
	r->lines[r->nr - 1].colour = colour;
}

/* The columns of the terminal; 0: there is none, and lines are not broken. */
static int columns(FILE *to)
{
	struct winsize size = { 0 };

	if (!isatty(fileno(to)))
		return 0;
	return !ioctl(fileno(to), TIOCGWINSZ, &size) && size.ws_col ? size.ws_col : 80;
}

/* Breaks the text at spaces, and indents the next lines to where the text began. */
static void print_wrapped(const char *text, int indent, int width, FILE *to)
{
	int room = width - indent, n;

	while (width && room > 20 && (int)strlen(text) > room) {
		for (n = room; n > 0 && text[n] != ' '; n--)
			;
		if (!n) /* a word that is longer than a line stays whole */
			n = strcspn(text, " ");
		if (!text[n])
			break;
		fprintf(to, "%.*s\n%*s", n, text, indent, "");
		text += n + 1;
	}
	fputs(text, to);
}

static void print_line(const struct line *l, int width, bool colour, FILE *to)
{
	static const char *const codes[] = { "", "\033[31m", "\033[32m", "\033[33m" };
	const char *on = colour ? codes[l->colour] : "", *off = *on ? "\033[0m" : "";

	fprintf(to, "  %s%-*s%s  ", on, width, l->label, off);
	print_wrapped(l->text, width + 4, l->whole ? 0 : columns(to), to);
	fputc('\n', to);
}

static void print_text(const struct report *r, FILE *to)
{
	bool colour = to == stdout && may_colour();
	size_t i;
	int width = 0;

	for (i = 0; i < r->nr; i++)
		if (r->lines[i].label && (int)strlen(r->lines[i].label) > width)
			width = strlen(r->lines[i].label);
	for (i = 0; i < r->nr; i++) {
		const struct line *l = &r->lines[i];

		if (l->label)
			print_line(l, width, colour, to);
		else
			fprintf(to, "%s%s%s%s\n", i ? "\n" : "", colour ? "\033[1m" : "", l->text,
				colour ? "\033[0m" : "");
	}
}

void report_print(const struct report *r, bool json, FILE *to)
{
	if (!json) {
		print_text(r, to);
		return;
	}
	/* In ASCII, for JSON may be shown as well. */
	json_dumpf(r->root, to, JSON_COMPACT | JSON_ENSURE_ASCII);
	fputc('\n', to);
}
