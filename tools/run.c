/* SPDX-License-Identifier: MIT */
/*
 * regwait run: a program under the shim, and whether that did anything.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check/probe.h"
#include "commands.h"
#include "common/launch.h"
#include "common/library.h"
#include "common/message.h"
#include "common/quote.h"
#include "stats/counts.h"
#include "stats/directory.h"
#include "stats/tally.h"
#include "stats/variants.h"

#define EXIT_NOT_REGISTERED 3
#define MOST_LINES	    8 /* one a program; the others are added up */

static const char help[] =
	"Usage: regwait run [OPTIONS] [--] PROGRAM [ARGUMENTS]\n"
	"\n"
	"Runs PROGRAM with libregwait.so added to LD_PRELOAD. Exit status and signals are\n"
	"the program's own. Afterwards one line on standard error says what was done.\n"
	"\n"
	"  --observe    change nothing; count the timed waits and predict what\n"
	"               registering them would save\n"
	"  --ab         toss a coin for each wait, and tell what the registered ones saved\n"
	"  --aa         the same with plain waits on both sides: shows the noise\n"
	"  --off        preloaded, but every call is passed on\n"
	"  --children   act in the program's children as well\n"
	"  --exec       become PROGRAM, under the same process id; nothing is said afterwards\n"
	"  --require    exit with 3 if no timed wait was registered or polled\n"
	"  --stats      all counts, not one line\n"
	"  --json       the counts as JSON (standard error)\n"
	"  --quiet      no line\n"
	"  --help       this\n"
	"\n"
	"Exit status: the program's; 1 if it could not be run; 2 usage; 3 see --require.\n";

struct options {
	bool require, stats, json, quiet, children, in_place;
	const char *mode;
};

static int parse(int argc, char **argv, struct options *o)
{
	static const struct option longs[] = {
		{ "observe", no_argument, NULL, 'b' },	{ "ab", no_argument, NULL, 'A' },
		{ "aa", no_argument, NULL, 'a' },	{ "off", no_argument, NULL, 'o' },
		{ "children", no_argument, NULL, 'c' }, { "exec", no_argument, NULL, 'e' },
		{ "require", no_argument, NULL, 'r' },	{ "stats", no_argument, NULL, 's' },
		{ "json", no_argument, NULL, 'j' },	{ "quiet", no_argument, NULL, 'q' },
		{ "help", no_argument, NULL, 'h' },	{ 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "+h", longs, NULL)) != -1) {
		switch (c) {
		case 'b':
			o->mode = "observe";
			break;
		case 'A':
			o->mode = "ab";
			break;
		case 'a':
			o->mode = "aa";
			break;
		case 'o':
			o->mode = "off";
			break;
		case 'c':
			o->children = true;
			break;
		case 'e':
			o->in_place = true;
			break;
		case 'r':
			o->require = true;
			break;
		case 's':
			o->stats = true;
			break;
		case 'j':
			o->json = true;
			break;
		case 'q':
			o->quiet = true;
			break;
		case 'h':
			return c;
		default:
			return '?';
		}
	}
	return 0;
}

static void predict_part(struct report *r, const char *key, const char *label, uint64_t waits,
			 struct saving each)
{
	char note[128];

	snprintf(note, sizeof(note), "us in all: %llu waits of %.0f ns (%.0f to %.0f) each",
		 (unsigned long long)waits, each.median, each.low, each.high);
	report_real(r, key, label, waits * each.median / 1000, note);
}

/* The waits that were seen, times what one of them saves on this machine. */
static void predict(struct report *r, const struct counts *c)
{
	struct probe probe;

	probe_open(&probe);
	if (!probe_works(&probe)) {
		report_none(r, "prediction", "would save",
			    "nothing: no registered waits on this "
			    "system; regwait check tells why");
	} else {
		predict_part(r, "predicted_us", "would save", c->waits.would_register,
			     probe_saving(&probe));
		predict_part(r, "predicted_poll_us", "by polling", c->waits.would_poll,
			     probe_poll_saving(&probe));
	}
	probe_close(&probe);
}

/* name[pid], or how many processes of that name there were. */
static void name_row(const struct tally_row *row, char *name, size_t size)
{
	if (row->processes == 1)
		snprintf(name, size, "%s[%d]", row->program, (int)row->pid);
	else
		snprintf(name, size, "%s (%u processes)", row->program, row->processes);
}

/* All counts of one program. */
static void say_all(const struct tally_row *row, const struct options *o)
{
	struct report *r = report_new();
	char heading[96];

	name_row(row, heading, sizeof(heading));
	report_section(r, NULL, heading);
	report_string(r, "program", NULL, row->program);
	report_integer(r, "pid", NULL, row->pid, NULL);
	report_integer(r, "processes", NULL, row->processes, NULL);
	report_string(r, "mode", "mode", mode_name(row->mode));
	counts_report(r, &row->counts);
	if (row->mode == MODE_OBSERVE)
		predict(r, &row->counts);
	if (row->times)
		variants_report(r, row->times, row->pid);
	report_print(r, o->json, stderr);
	report_free(r);
}

static void say_line(const struct tally_row *row)
{
	char line[256], name[96];

	name_row(row, name, sizeof(name));
	counts_line(&row->counts, line, sizeof(line));
	fprintf(stderr, "regwait: %s: %s\n", name, line);
}

/* Whoever waited most comes first. */
static int by_waits(const void *a, const void *b)
{
	const struct tally_row *x = a, *y = b;
	uint64_t m = counts_timed(&x->counts), n = counts_timed(&y->counts);

	return (m < n) - (m > n);
}

/* Of a job with many programs only those are printed that did something, in a few lines. */
static void say_lines(struct tally *t, const struct options *o)
{
	struct tally_row rest = { .program = "others" }, none = { .processes = 0 };
	bool in_full = o->stats || (o->mode && strcmp(o->mode, "off"));
	size_t i, said = 0;

	for (i = 0; i < t->nr; i++) {
		const struct tally_row *row = &t->rows[i];

		if (counts_empty(&row->counts) && t->nr > 1) {
			none.processes += row->processes;
		} else if (said == MOST_LINES) {
			rest.processes += row->processes;
			counts_add(&rest.counts, &row->counts);
		} else {
			said++;
			if (in_full)
				say_all(row, o);
			else
				say_line(row);
		}
	}
	if (rest.processes)
		say_line(&rest);
	if (said > 1)
		say_line(&t->all);
	if (none.processes && o->children)
		fprintf(stderr, "regwait: %u processes made no ring\n", none.processes);
}

static void say(struct tally *t, const struct options *o)
{
	size_t i;

	if (o->quiet || !t->nr)
		return;
	qsort(t->rows, t->nr, sizeof(*t->rows), by_waits);
	if (!o->json)
		say_lines(t, o);
	else
		for (i = 0; i < t->nr; i++)
			if (!i || o->children || !counts_empty(&t->rows[i].counts))
				say_all(&t->rows[i], o);
}

/* The reason, if no wait was registered. */
static void say_why(const struct tally *t, const struct options *o, const char *program)
{
	const char *reason = t->pages ? NULL : directory_reason(o->mode && *o->mode == 'a');
	char *quoted;

	if (o->quiet || o->json)
		return;
	if (reason) {
		fprintf(stderr, "regwait: what was done is not known: %s\n", reason);
	} else if (!t->pages) {
		quoted = quote(program);
		fprintf(stderr,
			"regwait: the shim was not loaded into %s; regwait check %s tells why\n",
			program, quoted);
		free(quoted);
	} else if (!counts_timed(&t->all.counts) && !(o->mode && !strcmp(o->mode, "off"))) {
		fprintf(stderr, "regwait: no timed wait was seen%s\n",
			o->children ?
				": there is nothing to gain here" :
				"; what the program starts was left alone (--children covers it)");
	}
}

static bool harvest(void *arg)
{
	return tally_harvest(arg);
}

static int run(struct launch *l, const struct options *o)
{
	struct tally tally = { 0 };
	int status;
	pid_t pid;

	if (o->children) {
		l->meanwhile = harvest;
		/* cppcheck-suppress autoVariables ; used while we are in here */
		l->arg = &tally;
	}
	pid = launch_start(l);
	if (pid < 0)
		return fail("cannot run %s: %s", l->argv[0], strerror(-pid));
	launch_let_go();
	tally.run = l->run;
	status = launch_wait(l, pid, NULL);
	if (status < 0)
		return fail("lost sight of %s: %s", l->argv[0], strerror(-status));
	tally_harvest(&tally);
	snprintf(tally.all.program, sizeof(tally.all.program), "all together");
	say(&tally, o);
	say_why(&tally, o, l->argv[0]);
	if (o->require && !counts_gained(&tally.all.counts)) {
		fail(tally.pages ? "--require: no timed wait was registered" :
				   "--require: no timed wait is known to have been registered");
		return EXIT_NOT_REGISTERED;
	}
	launch_end_like(status);
}

int command_run(int argc, char **argv)
{
	struct options o = { 0 };
	struct launch l = { .input = -1, .output = -1 };
	int c = parse(argc, argv, &o), err;

	if (c == 'h') {
		fputs(help, stdout);
		return EXIT_OK;
	}
	if (c)
		return misuse("an option was not understood");
	if (optind == argc)
		return misuse("no program given");
	if (o.in_place && (o.require || o.stats || o.json))
		return misuse("--exec prints no counts afterwards; REGWAIT_STATS or regwait stat "
			      "does");
	l.argv = argv + optind;
	l.mode = o.mode;
	l.children = o.children;
	if (!library_path())
		return fail("%s", library_reason());
	if (!o.in_place)
		return run(&l, &o);
	err = launch_in_place(&l);
	return fail("cannot run %s: %s", l.argv[0], strerror(-err));
}
