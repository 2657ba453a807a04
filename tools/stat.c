/* SPDX-License-Identifier: MIT */
/*
 * regwait stat: prints the counts of running processes, once or at intervals.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <time.h>

#include "commands.h"
#include "common/message.h"
#include "common/number.h"
#include "common/option.h"
#include "common/text.h"
#include "stats/counts.h"
#include "stats/directory.h"
#include "stats/openmetrics.h"
#include "stats/rows.h"

static const char help[] =
	"Usage: regwait stat [OPTIONS] [PID]\n"
	"\n"
	"Shows what the shim does in one process, or in all that can be seen: one's own,\n"
	"and as root everybody's. They must run with REGWAIT_LIVE=on, as under\n"
	"regwait run.\n"
	"\n"
	"  -i SECONDS       a row for each process, at this interval: waits per second\n"
	"  -n TIMES         at most this many times\n"
	"  --json           a line of JSON for each process\n"
	"  --openmetrics    for Prometheus: write it to a file of the textfile collector\n"
	"  --list           process ids and programs only, of those that run\n"
	"  --clean          remove the stats pages of processes that are gone\n"
	"  --help           this\n"
	"\n"
	"Exit status: 0; 1 if there is no such process or none at all; 2 usage.\n";

struct options {
	pid_t pid;	 /* 0: all */
	double interval; /* 0: once */
	uint64_t times;	 /* 0: for ever */
	bool json, openmetrics, list, clean;
	bool seen; /* the process, at an earlier tick */
};

static void show(const struct stats_page *p, bool alive, const struct options *o)
{
	struct report *r = report_new();
	char heading[96];

	snprintf(heading, sizeof(heading), "%s[%d]%s", p->program, (int)stats_page_pid(p),
		 alive ? "" : " (gone)");
	report_section(r, NULL, heading);
	report_string(r, "program", NULL, p->program);
	report_integer(r, "pid", NULL, stats_page_pid(p), NULL);
	if (p->pid != stats_page_pid(p))
		report_integer(r, "namespace_pid", NULL, p->pid, NULL);
	report_bool(r, "alive", NULL, alive, NULL);
	report_string(r, "mode", "mode", mode_name(p->mode));
	counts_report(r, &p->counts);
	if (o->interval > 0)
		rates_report(r, p);
	report_print(r, o->json, stdout);
	report_free(r);
}

static void each(struct stats_page *p, void *arg)
{
	const struct options *o = arg;
	bool alive = stats_page_alive(p);

	if (o->clean) {
		if (!alive)
			directory_remove(p);
		return;
	}
	if (o->list) {
		if (alive)
			printf("%d %s\n", (int)stats_page_pid(p), p->program);
		return;
	}
	if (stats_page_count(p))
		return;
	if (o->openmetrics)
		openmetrics_add(p);
	else if (o->interval > 0 && !o->json)
		row_print(p, alive);
	else
		show(p, alive, o);
}

/* One process, by its id. */
static int look_at(struct options *o)
{
	struct stats_page p;
	bool alive;
	int err = directory_find(&p, o->pid, false);

	if (err == -ENOENT && o->seen)
		return fail("process %d is gone", (int)o->pid);
	if (err)
		return directory_explain(o->pid, err);
	alive = stats_page_alive(&p);
	each(&p, o);
	stats_page_close(&p);
	if (!alive && o->interval > 0) {
		fflush(stdout);
		return fail("process %d is gone", (int)o->pid);
	}
	o->seen = true;
	return EXIT_OK;
}

static int look(struct options *o)
{
	int err;

	if (!o->pid && o->clean) {
		directory_clean();
	} else if (!o->pid) {
		int nr = directory_each(each, o);

		if (!(nr + directory_each_foreign(each, o)) && !o->openmetrics)
			return fail("no process with a stats page; start one with regwait run, "
				    "or with REGWAIT_LIVE=on");
	} else {
		err = look_at(o);
		if (err)
			return err;
	}
	if (o->openmetrics)
		openmetrics_print(stdout);
	return told(EXIT_OK);
}

static int parse(int argc, char **argv, struct options *o)
{
	static const struct option longs[] = {
		{ "json", no_argument, NULL, 'j' }, { "openmetrics", no_argument, NULL, 'm' },
		{ "list", no_argument, NULL, 'l' }, { "clean", no_argument, NULL, 'c' },
		{ "help", no_argument, NULL, 'h' }, { 0 },
	};
	int c;

	opterr = 0;
	while ((c = getopt_long(argc, argv, ":i:n:h", longs, NULL)) != -1) {
		switch (c) {
		case 'i':
			if (!number_real(optarg, 0.001, 1e9, &o->interval))
				return misuse("-i: not a number of seconds: %s", text_name(optarg));
			break;
		case 'n':
			if (!number_uint64(optarg, &o->times) || !o->times)
				return misuse("-n: not a number above zero: %s", text_name(optarg));
			break;
		case 'j':
			o->json = true;
			break;
		case 'm':
			o->openmetrics = true;
			break;
		case 'l':
			o->list = true;
			break;
		case 'c':
			o->clean = true;
			break;
		case 'h':
			fputs(help, stdout);
			return -1;
		default:
			return option_misuse(c, argv);
		}
	}
	if (o->json + o->openmetrics + o->list + o->clean > 1)
		return misuse("--json, --openmetrics, --list and --clean exclude each other");
	if (o->interval > 0 && (o->openmetrics || o->list || o->clean))
		return misuse("-i goes with rows, or with --json");
	if (o->times && o->interval <= 0)
		return misuse("-n: how often needs -i");
	if (argc - optind > 1)
		return misuse("more than one process id");
	if (optind < argc) {
		o->pid = number_pid(argv[optind]);
		if (!o->pid)
			return misuse("not a process id: %s", text_name(argv[optind]));
	}
	return 0;
}

int command_stat(int argc, char **argv)
{
	struct options o = { 0 };
	int err = parse(argc, argv, &o);
	struct timespec pause;
	uint64_t i;

	if (err)
		return err < 0 ? EXIT_OK : err;
	pause.tv_sec = o.interval;
	pause.tv_nsec = (o.interval - pause.tv_sec) * 1e9;
	for (i = 1;; i++) {
		err = look(&o);
		if (err || o.interval <= 0 || i == o.times)
			return err;
		nanosleep(&pause, NULL);
	}
}
