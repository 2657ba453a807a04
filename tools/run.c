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
#include "common/message.h"
#include "stats/counts.h"
#include "stats/variants.h"

#define EXIT_NOT_REGISTERED 3

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
	"  --require    exit with 3 if no timed wait was registered or polled\n"
	"  --stats      all counts, not one line\n"
	"  --json       the counts as JSON (standard error)\n"
	"  --quiet      no line\n"
	"  --help       this\n"
	"\n"
	"Exit status: the program's; 1 if it could not be run; 2 usage; 3 see --require.\n";

struct options {
	bool require, stats, json, quiet, children;
	const char *mode;
};

/* What the pages of one run add up to. */
struct sum {
	pid_t run;
	const struct options *o;
	int pages;
	uint64_t timed, gained;
};

static int parse(int argc, char **argv, struct options *o)
{
	static const struct option longs[] = {
		{ "observe",  no_argument, NULL, 'b' },
		{ "ab",	      no_argument, NULL, 'A' },
		{ "aa",	      no_argument, NULL, 'a' },
		{ "off",      no_argument, NULL, 'o' },
		{ "children", no_argument, NULL, 'c' },
		{ "require",  no_argument, NULL, 'r' },
		{ "stats",    no_argument, NULL, 's' },
		{ "json",     no_argument, NULL, 'j' },
		{ "quiet",    no_argument, NULL, 'q' },
		{ "help",     no_argument, NULL, 'h' },
		{ 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "+h", longs, NULL)) != -1) {
		switch (c) {
		case 'b': o->mode = "observe"; break;
		case 'A': o->mode = "ab"; break;
		case 'a': o->mode = "aa"; break;
		case 'o': o->mode = "off"; break;
		case 'c': o->children = true; break;
		case 'r': o->require = true; break;
		case 's': o->stats = true; break;
		case 'j': o->json = true; break;
		case 'q': o->quiet = true; break;
		case 'h': return c;
		default: return '?';
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
static void predict(struct report *r, const struct stats_page *p)
{
	struct regwait_wait_counts w = stats_page_waits(p);
	struct probe probe;

	probe_open(&probe);
	if (!probe_works(&probe)) {
		report_none(r, "prediction", "would save", "nothing: no registered waits on this "
			    "system; regwait check tells why");
	} else {
		predict_part(r, "predicted_us", "would save", w.would_register,
			     probe_saving(&probe));
		predict_part(r, "predicted_poll_us", "by polling", w.would_poll,
			     probe_poll_saving(&probe));
	}
	probe_close(&probe);
}

/* Everything there is to say of one page. */
static void say_all(struct stats_page *p, const struct options *o)
{
	struct report *r = report_new();
	char heading[96];

	snprintf(heading, sizeof(heading), "%s[%d]", p->program, (int)p->pid);
	report_section(r, NULL, heading);
	report_string(r, "program", NULL, p->program);
	report_integer(r, "pid", NULL, p->pid, NULL);
	report_string(r, "mode", "mode", mode_name(p->map->mode));
	counts_report(r, p);
	if (p->map->mode == MODE_OBSERVE)
		predict(r, p);
	if (p->arms_offset)
		variants_report(r, p, p->pid);
	report_print(r, o->json, stderr);
	report_free(r);
}

/* One page that this run left: says what is in it, and removes it. */
static void conclude_page(struct stats_page *p, void *arg)
{
	struct sum *s = arg;
	struct regwait_wait_counts w;
	char line[256];

	if (p->map->run != s->run || p->alive)
		return;
	w = stats_page_waits(p);
	s->pages++;
	s->timed += counts_timed(&w);
	s->gained += w.registered + w.polled;
	if (s->o->stats || s->o->json || (p->map->mode != MODE_ON && p->map->mode != MODE_OFF)) {
		if (!s->o->quiet)
			say_all(p, s->o);
	} else if (!s->o->quiet) {
		counts_line(p, line, sizeof(line));
		fprintf(stderr, "regwait: %s[%d]: %s\n", p->program, (int)p->pid, line);
	}
	stats_page_delete(p);
}

static void conclude(struct sum *s, const char *program)
{
	const char *obstacle;

	stats_page_each(conclude_page, s);
	if (s->o->quiet || s->o->json)
		return;
	obstacle = s->pages ? NULL : stats_page_obstacle(s->o->mode && *s->o->mode == 'a');
	if (obstacle)
		fprintf(stderr, "regwait: what was done cannot be told: %s\n", obstacle);
	else if (!s->pages)
		fprintf(stderr, "regwait: the shim was not loaded into %s; regwait check %s tells why\n",
			program, program);
	else if (!s->timed && !(s->o->mode && !strcmp(s->o->mode, "off")))
		fprintf(stderr, "regwait: no timed wait was seen%s\n", s->o->children ?
			": there is nothing to gain here" :
			"; what the program starts was left alone (--children covers it)");
}

int command_run(int argc, char **argv)
{
	struct options o = { 0 };
	struct launch l = { .output = -1 };
	struct sum sum = { .o = &o };
	int c = parse(argc, argv, &o), status;
	pid_t pid;

	if (c == 'h') {
		fputs(help, stdout);
		return EXIT_OK;
	}
	if (c)
		return misuse("an option was not understood");
	if (optind == argc)
		return misuse("no program given");
	l.argv = argv + optind;
	l.mode = o.mode;
	l.children = o.children;
	if (!launch_library())
		return fail("libregwait.so is neither beside this command nor in ../lib; install both");
	pid = launch_start(&l);
	if (pid < 0)
		return fail("cannot run %s: %s", l.argv[0], strerror(-pid));
	status = launch_wait(pid, NULL);
	if (status < 0)
		return fail("lost sight of %s: %s", l.argv[0], strerror(-status));
	sum.run = pid;
	conclude(&sum, l.argv[0]);
	if (o.require && !sum.gained) {
		fail(sum.pages ? "--require: no timed wait was registered" :
		     "--require: no timed wait is known to have been registered");
		return EXIT_NOT_REGISTERED;
	}
	launch_end_like(status);
}
