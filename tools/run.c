/* SPDX-License-Identifier: MIT */
/*
 * regwait run: a program under the shim, and whether that did anything.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "counts.h"
#include "launch.h"
#include "regwait.h"

#define EXIT_NOT_REGISTERED 3

static const char help[] =
	"Usage: regwait run [OPTIONS] [--] PROGRAM [ARGUMENTS]\n"
	"\n"
	"Runs PROGRAM with libregwait.so added to LD_PRELOAD. Exit status and signals are\n"
	"the program's own. Afterwards one line on standard error says what was done.\n"
	"\n"
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

/* One page that this run left: says what is in it, and removes it. */
static void conclude_page(struct page *p, void *arg)
{
	struct sum *s = arg;
	struct regwait_wait_counts w;
	struct report *r;
	char line[256];

	if (p->map->run != s->run || p->alive)
		return;
	w = page_waits(p);
	s->pages++;
	s->timed += counts_timed(&w);
	s->gained += w.registered + w.polled;
	if (s->o->stats || s->o->json) {
		r = report_new();
		snprintf(line, sizeof(line), "%s[%d]", p->map->program, (int)p->pid);
		report_section(r, NULL, line);
		report_string(r, "program", NULL, p->map->program);
		report_integer(r, "pid", NULL, p->pid, NULL);
		counts_report(r, p);
		report_print(r, s->o->json, stderr);
		report_free(r);
	} else if (!s->o->quiet) {
		counts_line(p, line, sizeof(line));
		fprintf(stderr, "regwait: %s[%d]: %s\n", p->map->program, (int)p->pid, line);
	}
	page_delete(p);
}

static void conclude(struct sum *s, const char *program)
{
	page_each(conclude_page, s);
	if (s->o->quiet)
		return;
	if (!s->pages)
		fprintf(stderr, "regwait: the shim was not loaded into %s; regwait check %s tells why\n",
			program, program);
	else if (!s->timed)
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
		fail("--require: no timed wait was registered");
		return EXIT_NOT_REGISTERED;
	}
	launch_end_like(status);
}
