/* SPDX-License-Identifier: MIT */
/*
 * Runs sequences plain and preloaded and compares all that they printed. Seeds go through
 * in batches that share a process, so that what one sequence leaves behind meets the next;
 * a seed that differs is judged alone, then together with those before it, and shrunk.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "judge.h"

static const char usage[] =
	"usage: drive --seq PROGRAM [--preload LIBRARY] [--dir DIR] [--stats FILE] [--name NAME]\n"
	"             [--seeds FROM:TO] [--minutes M] [--batch N] [--failures N]\n"
	"             [--without OP,OP] [--programs FILE]\n";

struct tally {
	unsigned long long done, unsteady, shim_unsteady, different, killed, known;
};

struct options {
	struct setup s;
	const char *name, *programs;
	unsigned long long from, to, batch, failures;
	double minutes;
	time_t start;
};

/* The part of the trace that belongs to the seed; its length is 0 if it is not complete. */
static const char *part(const struct trace *t, unsigned long long seed, size_t *len)
{
	const char *at, *end;
	char mark[40];

	snprintf(mark, sizeof(mark), "# seed %llu\n", seed);
	at = t->text ? strstr(t->text, mark) : NULL;
	end = at ? strstr(at + 1, "# seed ") : NULL;
	*len = !at ? 0 : end ? (size_t)(end - at) : t->status ? 0 : t->len - (at - t->text);
	return at;
}

static void show_status(FILE *f, int status)
{
	if (WIFSIGNALED(status))
		fprintf(f, "(killed by signal %d%s)\n", WTERMSIG(status),
			WTERMSIG(status) == 9 ? ": it hung" : "");
	else if (status)
		fprintf(f, "(exit %d)\n", WEXITSTATUS(status));
}

static void report(const struct options *o, FILE *f, const char *title, const char *text)
{
	static const char *const names[VARIANTS] = { "plain", "preloaded" };
	const struct subject sub = { .text = text };
	struct trace t;

	fprintf(f, "# %s\n%s", title, text);
	for (int variant = 0; variant < VARIANTS; variant++) {
		run_one(&o->s, &sub, variant, &t);
		fprintf(f, "--- %s\n%s", names[variant], t.text);
		show_status(f, t.status);
		trace_free(&t);
	}
	fputc('\n', f);
}

/*
 * On a busy machine a step of the shrinker may be wrong: then what is left does not differ, and all is
 * cut anew. What never works is not cut.
 */
static char *shrink_well(const struct options *o, const char *text)
{
	for (int tries = 0; tries < 3; tries++) {
		char *small = shrink(&o->s, text);

		if (judge(&o->s, &(struct subject){ .text = small }, false) == DIFFERENT)
			return small;
		free(small);
	}
	return strdup(text);
}

static void failure(const struct options *o, const char *title, const char *text, bool cut)
{
	char *small = cut ? shrink_well(o, text) : strdup(text);
	char name[4096];
	FILE *f;

	report(o, stdout, title, small);
	fflush(stdout);
	snprintf(name, sizeof(name), "%s/failure-%s-%s", o->s.dir, o->name, title);
	for (char *c = name + strlen(o->s.dir) + 1; *c; c++)
		*c = *c == ' ' ? '-' : *c;
	f = fopen(name, "we");
	if (f) {
		report(o, f, title, small);
		fclose(f);
	}
	free(small);
}

/*
 * Of a hundred programs that are unsteady on a busy machine, one or two differ by chance in the
 * preloaded variant only; but not three times in a row.
 */
static enum outcome judge_well(const struct options *o, const struct subject *sub, bool only_last)
{
	enum outcome v = judge(&o->s, sub, only_last);

	for (int again = 0; v == SHIM_UNSTEADY && again < 2; again++) {
		v = judge(&o->s, sub, only_last);
		if (v == SAME)
			v = UNSTEADY;
	}
	return v;
}

/* The seed's own program fails, or only with those before it in the same process. */
static void suspect(const struct options *o, struct tally *n, unsigned long long from,
		    unsigned long long seed)
{
	struct subject sub = { .from = seed, .to = seed + 1 };
	enum outcome v = judge_well(o, &sub, false);
	char title[64], *text;

	snprintf(title, sizeof(title), "seed %llu", seed);
	if (v == SAME && from < seed) {
		sub.from = from;
		v = judge_well(o, &sub, true);
		snprintf(title, sizeof(title), "seeds %llu to %llu", from, seed);
	}
	n->unsteady += v == UNSTEADY || v == SAME;
	if (v == SHIM_UNSTEADY) {
		n->shim_unsteady++;
		printf("%s: %s: only the preloaded program is unsteady\n", o->name, title);
	}
	if (v != DIFFERENT)
		return;
	n->different++;
	text = seeds_text(&o->s, sub.from, sub.to);
	failure(o, title, text, true);
	free(text);
}

/* Returns the seed to go on with. */
static unsigned long long batch(const struct options *o, struct tally *n, unsigned long long from,
				unsigned long long to)
{
	struct subject sub = { .from = from, .to = to };
	struct trace t[VARIANTS];
	unsigned long long seed;

	run_both(&o->s, &sub, t);
	for (seed = from; seed < to; seed++) {
		size_t len[VARIANTS];
		const char *p[VARIANTS];

		for (int variant = 0; variant < VARIANTS; variant++)
			p[variant] = part(&t[variant], seed, &len[variant]);
		n->done++;
		if (len[PLAIN] && len[PLAIN] == len[SHIM] && !memcmp(p[PLAIN], p[SHIM], len[PLAIN]))
			continue;
		if (!len[PLAIN] && !len[SHIM])
			n->killed++;
		suspect(o, n, from, seed);
		/* One of them ended here: the rest of the batch was not run by both. */
		if (!len[PLAIN] || !len[SHIM] || n->different >= o->failures) {
			seed++;
			break;
		}
	}
	trace_free(&t[PLAIN]);
	trace_free(&t[SHIM]);
	return seed;
}

static void progress(const struct options *o, const struct tally *n)
{
	printf("%s: %llu sequences, %llu unsteady, %llu different, %ld s\n", o->name, n->done,
	       n->unsteady, n->different, (long)(time(NULL) - o->start));
	fflush(stdout);
}

static void run_seeds(const struct options *o, struct tally *n)
{
	time_t said = time(NULL);
	unsigned long long seed = o->from;

	while (seed < o->to && n->different < o->failures) {
		unsigned long long to = seed + o->batch < o->to ? seed + o->batch : o->to;

		if (o->minutes > 0 && time(NULL) - o->start >= o->minutes * 60)
			break;
		seed = batch(o, n, seed, to);
		if (time(NULL) - said >= 60) {
			said = time(NULL);
			progress(o, n);
		}
	}
	if (n->different >= o->failures)
		printf("%s: stopped at seed %llu: enough failures\n", o->name, seed);
}

/* A title that begins with "known:" is of a difference that stays; see there why. */
static void run_program(const struct options *o, struct tally *n, const char *title,
			const char *text)
{
	bool known = !strncmp(title, "known:", 6);
	enum outcome v = judge_well(o, &(struct subject){ .text = text }, false);

	n->done++;
	if (v == DIFFERENT && known) {
		n->known++;
	} else if (v == DIFFERENT) {
		n->different++;
		failure(o, title, text, false);
	} else if (v != SAME) {
		n->unsteady++;
		printf("%s: %s: unsteady\n", o->name, title);
	} else if (known) {
		printf("%s: no difference any more: %s\n", o->name, title);
	}
}

/* Programs that once failed: paragraphs of a text, each with a comment on top. */
static void run_programs(const struct options *o, struct tally *n)
{
	char *line = NULL, text[65536] = "", title[256] = "program";
	FILE *f = fopen(o->programs, "re");
	size_t room = 0, at = 0;
	ssize_t got;

	if (!f)
		die("cannot read %s: %s", o->programs, strerror(errno));
	do {
		got = getline(&line, &room, f);
		if (got > 1 && *line == '#' && !at)
			snprintf(title, sizeof(title), "%.*s", (int)strcspn(line + 2, "\n"),
				 line + 2);
		if (got > 1 && *line != '#' && at + got < sizeof(text))
			at += sprintf(text + at, "%s", line);
		if (got > 1 || !at)
			continue;
		run_program(o, n, title, text);
		at = 0;
		text[0] = '\0';
	} while (got > 0);
	free(line);
	fclose(f);
}

static void parse(struct options *o, int argc, char **argv)
{
	/* clang-format off */
	static const struct option opts[] = {
		{ "seq", 1, NULL, 'q' }, { "preload", 1, NULL, 'p' }, { "dir", 1, NULL, 'd' },
		{ "stats", 1, NULL, 't' }, { "name", 1, NULL, 'n' }, { "seeds", 1, NULL, 's' },
		{ "minutes", 1, NULL, 'm' }, { "batch", 1, NULL, 'b' },
		{ "failures", 1, NULL, 'f' }, { "without", 1, NULL, 'w' }, { "programs", 1, NULL, 'P' }, { 0 }
	};
	/* clang-format on */
	int c;

	while ((c = getopt_long(argc, argv, "", opts, NULL)) != -1) {
		switch (c) {
		/* clang-format off */
		case 'q': o->s.seq = optarg; break;
		case 'p': o->s.preload[SHIM] = optarg; break;
		case 'd': o->s.dir = optarg; break;
		case 't': o->s.stats = optarg; break;
		case 'n': o->name = optarg; break;
		case 'm': o->minutes = strtod(optarg, NULL); break;
		case 'b': o->batch = strtoull(optarg, NULL, 10); break;
		case 'f': o->failures = strtoull(optarg, NULL, 10); break;
		case 'w': o->s.without = optarg; break;
		case 'P': o->programs = optarg; break;
		/* clang-format on */
		case 's':
			if (sscanf(optarg, "%llu:%llu", &o->from, &o->to) == 2)
				break;
			/* fall through */
		default:
			fputs(usage, stderr);
			exit(2);
		}
	}
	if (!o->s.seq || optind != argc || !o->batch) {
		fputs(usage, stderr);
		exit(2);
	}
}

int main(int argc, char **argv)
{
	struct options o = {
		.name = "fuzz", .batch = 50, .failures = 5, .start = time(NULL), .s.dir = "."
	};
	struct tally n = { 0 };

	parse(&o, argc, argv);
	if (o.programs)
		run_programs(&o, &n);
	run_seeds(&o, &n);
	printf("%s: %llu sequences: %llu the same, %llu unsteady (%.2f %%), %llu different; "
	       "%llu killed in both variants, %llu unsteady only when preloaded, "
	       "%llu known to differ, %ld s\n",
	       o.name, n.done, n.done - n.unsteady - n.different - n.shim_unsteady - n.known,
	       n.unsteady, n.done ? 100.0 * n.unsteady / n.done : 0.0, n.different, n.killed,
	       n.shim_unsteady, n.known, (long)(time(NULL) - o.start));
	return n.different || n.shim_unsteady ? 1 : 0;
}
