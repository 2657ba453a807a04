/* SPDX-License-Identifier: MIT */
/*
 * regwait stat: the counts of running processes, once or every so often.
 */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "commands.h"
#include "common/message.h"
#include "common/statistics.h"
#include "stats/counts.h"
#include "stats/openmetrics.h"

static const char help[] =
	"Usage: regwait stat [OPTIONS] [PID]\n"
	"\n"
	"Shows what the shim does in one process, or in all that can be seen: one's own,\n"
	"and as root everybody's. They must run with REGWAIT_LIVE=on, as under regwait run.\n"
	"\n"
	"  -i SECONDS       again every so often, with waits per second; until interrupted\n"
	"  -n TIMES         so often at the most\n"
	"  --json           a line of JSON for each process\n"
	"  --openmetrics    for Prometheus: write it to a file of the textfile collector\n"
	"  --clean          remove the pages of processes that are gone\n"
	"  --help           this\n"
	"\n"
	"Exit status: 0; 1 if there is no such process or none at all; 2 usage.\n";

struct options {
	pid_t pid;		/* 0: all */
	double interval;	/* 0: once */
	long times;		/* 0: for ever */
	bool json, openmetrics, clean;
};

/* What a process had counted at the last look. */
struct past {
	pid_t pid;
	struct regwait_wait_counts waits;
	double when;
};

static struct past *pasts;
static size_t nr_pasts;

/* What was seen of this process before; what is seen now takes its place. */
static struct past exchange_past(const struct stats_page *p, const struct regwait_wait_counts *w)
{
	struct past fresh = { .pid = p->pid, .waits = *w, .when = seconds_now() }, old = { 0 };
	size_t i;
	void *more;

	for (i = 0; i < nr_pasts; i++) {
		if (pasts[i].pid != p->pid)
			continue;
		old = pasts[i];
		pasts[i] = fresh;
		return old;
	}
	more = realloc(pasts, (nr_pasts + 1) * sizeof(*pasts));
	if (more) {
		pasts = more;
		pasts[nr_pasts++] = fresh;
	}
	return old;
}

static void report_rates(struct report *r, const struct stats_page *p)
{
	struct regwait_wait_counts w = stats_page_waits(p);
	struct past old = exchange_past(p, &w);
	double seconds = seconds_now() - old.when;

	if (!old.pid || seconds <= 0)
		return;
#define X(field, name, text) \
	report_real(r, name ".per_second", name, (w.field - old.waits.field) / seconds, "/s");
	REGWAIT_WAIT_COUNTS(X)
#undef X
	report_real(r, "waits.plain.per_second", "waits.plain",
		    (stats_page_plain(w.plain) - stats_page_plain(old.waits.plain)) / seconds, "/s");
}

static void show(struct stats_page *p, const struct options *o)
{
	struct report *r = report_new();
	char heading[96];

	snprintf(heading, sizeof(heading), "%s[%d]%s", p->program, (int)p->pid,
		 p->alive ? "" : " (gone)");
	report_section(r, NULL, heading);
	report_string(r, "program", NULL, p->program);
	report_integer(r, "pid", NULL, p->pid, NULL);
	report_bool(r, "alive", NULL, p->alive, NULL);
	report_string(r, "mode", "mode", mode_name(p->map->mode));
	counts_report(r, p);
	if (o->interval > 0)
		report_rates(r, p);
	report_print(r, o->json, stdout);
	report_free(r);
}

static void each(struct stats_page *p, void *arg)
{
	const struct options *o = arg;

	if (o->clean && !p->alive)
		stats_page_delete(p);
	else if (o->openmetrics)
		openmetrics_add(p);
	else if (!o->clean)
		show(p, o);
}

static int look(const struct options *o)
{
	struct stats_page p;
	int err;

	if (!o->pid && o->clean) {
		stats_page_clean();
	} else if (!o->pid) {
		if (!stats_page_each(each, (void *)o) && !o->openmetrics)
			return fail("no process with a stats page; start one with regwait run, "
				    "or with REGWAIT_LIVE=on");
	} else {
		err = stats_page_open(&p, o->pid, false);
		if (err)
			return stats_page_explain(o->pid, err);
		each(&p, (void *)o);
		stats_page_close(&p);
	}
	if (o->openmetrics)
		openmetrics_print(stdout);
	fflush(stdout);
	return EXIT_OK;
}

/* A positive number, or -1. */
static double positive(const char *text)
{
	char *end;
	double d = strtod(text, &end);

	return *end || !(d > 0) || d > 1e9 ? -1 : d;
}

static int parse(int argc, char **argv, struct options *o)
{
	static const struct option longs[] = {
		{ "json",	 no_argument, NULL, 'j' },
		{ "openmetrics", no_argument, NULL, 'm' },
		{ "clean",	 no_argument, NULL, 'c' },
		{ "help",	 no_argument, NULL, 'h' },
		{ 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "i:n:h", longs, NULL)) != -1) {
		switch (c) {
		case 'i':
			o->interval = positive(optarg);
			if (o->interval < 0)
				return misuse("not a number of seconds: %s", optarg);
			break;
		case 'n':
			o->times = positive(optarg);
			if (o->times < 1)
				return misuse("not a number: %s", optarg);
			break;
		case 'j': o->json = true; break;
		case 'm': o->openmetrics = true; break;
		case 'c': o->clean = true; break;
		case 'h': fputs(help, stdout); return -1;
		default: return misuse("an option was not understood");
		}
	}
	if (argc - optind > 1)
		return misuse("more than one process id");
	if (optind < argc) {
		o->pid = positive(argv[optind]);
		if (o->pid < 1)
			return misuse("not a process id: %s", argv[optind]);
	}
	return 0;
}

int command_stat(int argc, char **argv)
{
	struct options o = { 0 };
	int err = parse(argc, argv, &o);
	struct timespec pause;
	long i;

	if (err)
		return err < 0 ? EXIT_OK : err;
	pause.tv_sec = o.interval;
	pause.tv_nsec = (o.interval - pause.tv_sec) * 1e9;
	for (i = 1; ; i++) {
		err = look(&o);
		if (err || o.interval <= 0 || i == o.times)
			return err;
		nanosleep(&pause, NULL);
	}
}
