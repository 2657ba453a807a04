/* SPDX-License-Identifier: MIT */
/* Reads and writes sequences as text: see text.h. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ops.h"
#include "text.h"

/* clang-format off */
static const char *const ts_words[] = {
	"null", "0", "1ns", "1ms", "2ms", "25ms", "10s", "neg", "negns", "bigns", "hugens",
	"forever", "bad8", "badpage", NULL,
};
/* clang-format on */
static const char *const mask_words[] = { "null", "none", "usr1", "alrm", "all", "bad8", NULL };
/* clang-format off */
static const char *const kind_words[] = {
	"nop", "nopres", "timeout", "linktimeout", "toremove", "toupdate", "poll", "pollmulti",
	"pollremove", "read", "write", "send", "recv", "cancel", "cancelall", "msg", "msgflags",
	"badfd", "bad", NULL,
};
/* clang-format on */
static const char *const via_words[] = { "params", "init", "mem", "raw", NULL };
static const char *const mode_words[] = { "count", "wait", "submit", "jump", NULL };

/* clang-format off */
const char *const *const key_words[K_KEYS] = {
	[K_TS] = ts_words, [K_MASK] = mask_words, [K_KIND] = kind_words, [K_VIA] = via_words,
	[K_MODE] = mode_words,
};
/* clang-format on */

/* clang-format off */
const char *const key_name[K_KEYS] = {
	[K_R] = "r", [K_Q] = "q", [K_E] = "e", [K_CQ] = "cq", [K_F] = "f", [K_VIA] = "via",
	[K_NR] = "nr", [K_SUB] = "sub", [K_TS] = "ts", [K_MASK] = "mask", [K_MIN] = "min",
	[K_KIND] = "kind", [K_SF] = "sf", [K_US] = "us", [K_CNT] = "cnt", [K_UD] = "ud",
	[K_P] = "p", [K_N] = "n", [K_HOW] = "how", [K_MODE] = "mode", [K_FN] = "fn",
};
/* clang-format on */

void prog_add(struct prog *p, const struct line *l)
{
	if (p->nr == p->room) {
		p->room = p->room ? 2 * p->room : 64;
		p->line = realloc(p->line, p->room * sizeof(*p->line));
		if (!p->line) {
			fputs("fuzz_seq: no memory for the sequence\n", stderr);
			exit(1);
		}
	}
	p->line[p->nr++] = *l;
}

void prog_free(struct prog *p)
{
	free(p->line);
	memset(p, 0, sizeof(*p));
}

static bool word_value(enum key k, const char *text, long *v)
{
	char *end;

	for (int i = 0; key_words[k] && key_words[k][i]; i++) {
		if (!strcmp(key_words[k][i], text)) {
			*v = i;
			return true;
		}
	}
	errno = 0;
	*v = strtol(text, &end, 0);
	return !key_words[k] && end != text && !*end && !errno;
}

static bool set_key(struct line *l, char *token)
{
	char *eq = strchr(token, '=');

	if (!eq)
		return false;
	*eq = '\0';
	for (int i = 0; i < OP_KEYS && l->op->keys[i]; i++) {
		enum key k = l->op->keys[i];

		if (!strcmp(key_name[k], token))
			return word_value(k, eq + 1, &l->v[k]);
	}
	return false;
}

int prog_parse(struct prog *p, char *text, const char *from)
{
	char *row, *rest = text, *token, *save;
	unsigned nr = 0;

	while ((row = strsep(&rest, "\n"))) {
		struct line l = { 0 };

		nr++;
		row[strcspn(row, "#")] = '\0';
		token = strtok_r(row, " \t", &save);
		if (!token)
			continue;
		l.op = op_find(token);
		if (!l.op) {
			fprintf(stderr, "%s:%u: unknown operation \"%s\"\n", from, nr, token);
			return -1;
		}
		while ((token = strtok_r(NULL, " \t", &save))) {
			if (set_key(&l, token))
				continue;
			fprintf(stderr, "%s:%u: %s: cannot use \"%s\"\n", from, nr, l.op->name,
				token);
			return -1;
		}
		prog_add(p, &l);
	}
	return 0;
}

size_t line_print(const struct line *l, char *buf, size_t sz)
{
	size_t at = snprintf(buf, sz, "%s", l->op->name);

	for (int i = 0; i < OP_KEYS && l->op->keys[i] && at < sz; i++) {
		enum key k = l->op->keys[i];
		long v = l->v[k];

		if (!v)
			continue;
		if (key_words[k])
			at += snprintf(buf + at, sz - at, " %s=%s", key_name[k], key_words[k][v]);
		else if (k == K_F || k == K_SF)
			at += snprintf(buf + at, sz - at, " %s=%#lx", key_name[k], v);
		else
			at += snprintf(buf + at, sz - at, " %s=%ld", key_name[k], v);
	}
	return at < sz ? at : sz - 1;
}
