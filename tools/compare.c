/* SPDX-License-Identifier: MIT */
/*
 * regwait compare: what a program gains, measured without recompiling it.
 *
 * Runs come in rounds of four, off on on off or the other way round as a coin says,
 * so that neither drift nor being first favours an arm.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "compare.h"
#include "counts.h"
#include "launch.h"
#include "regwait.h"

static const char help[] =
	"Usage: regwait compare [OPTIONS] [--] PROGRAM [ARGUMENTS]\n"
	"       regwait compare --attach PID [OPTIONS]\n"
	"\n"
	"Runs PROGRAM with the shim switched off and on, in turn, and tells what it gained.\n"
	"Its standard output is swallowed.\n"
	"\n"
	"  --metric REGEX    judge by a figure in its output: the first group, or the match\n"
	"  --larger          a larger figure is the better one\n"
	"  --judge cpu       judge by CPU time, user and system, not by wall time: for a\n"
	"                    machine on which other things run\n"
	"  --baseline none   compare with the program without the shim, not switched off\n"
	"  --aa              off in both arms: what it finds then is noise\n"
	"  --ringfd VALUE    auto, on or off: REGWAIT_RINGFD in the on arm\n"
	"  --pairs N         so many pairs at the most\n"
	"  --budget SECONDS  start no more runs after this (default 60)\n"
	"  --same-output     refuse to judge if the outputs differ\n"
	"  --report FILE     write a page with the distributions (HTML)\n"
	"  --seed N          of the coin and the bootstrap (default: the time)\n"
	"  --attach PID      slices of a running process instead; it must have been started\n"
	"                    by regwait run, or with REGWAIT_LIVE=on. CPU time per wait\n"
	"  --slice SECONDS   of such a slice (default 0.5)\n"
	"  --json            as JSON\n"
	"  --help            this\n"
	"\n"
	"It stops when the interval is within half a percent or the budget is spent, never\n"
	"because a difference shows. Ratios are off/on (with\n"
	"--larger on/off): above 1, the shim is faster.\n"
	"\n"
	"Exit status: 0 faster; 10 slower; 11 no difference; 12 inconclusive; 13 not\n"
	"exercised; 14 refused, since the arms did not do the same; 1 failed; 2 usage.\n";

struct options {
	struct comparison_limits limits;
	const char *metric, *page_name;
	FILE *page;
	bool page_is_new;
	regex_t regex;
	bool json, same_output, bare_baseline;
	char *settings[2];	/* of the on arm */
	int attach;
	double slice;
};

/* One run of one arm. */
struct run {
	double value[MEASURES];
	int status;
	bool has_metric;
	uint64_t output;	/* a hash of what it printed */
	uint64_t gained, timed;
	bool loaded;
	pid_t pid;
};

static void read_page(struct page *p, void *arg)
{
	struct run *run = arg;
	struct regwait_wait_counts w;

	if (p->map->run != run->pid || p->alive)
		return;
	w = page_waits(p);
	run->loaded = true;
	run->gained += w.registered + w.polled;
	run->timed += counts_timed(&w);
	page_delete(p);
}

/* What the program printed: its hash, and its figure. */
static void read_output(int fd, const struct options *o, struct run *run)
{
	off_t size = lseek(fd, 0, SEEK_END);
	regmatch_t m[2];
	char *text;
	off_t i;

	text = size >= 0 ? malloc(size + 1) : NULL;
	if (!text || pread(fd, text, size, 0) != size) {
		free(text);
		return;
	}
	text[size] = '\0';
	run->output = 0xcbf29ce484222325ULL;
	for (i = 0; i < size; i++)
		run->output = (run->output ^ (unsigned char)text[i]) * 0x100000001b3ULL;
	if (o->metric && !regexec(&o->regex, text, 2, m, 0)) {
		const char *at = text + (m[1].rm_so >= 0 ? m[1].rm_so : m[0].rm_so);
		char *end;

		run->value[METRIC] = strtod(at, &end);
		run->has_metric = end != at;
	}
	free(text);
}

/* 0, or -errno if it could not be run. */
static int run_once(const struct comparison *c, char **argv, bool on, const struct options *o,
		    struct run *run)
{
	struct launch l = {
		.argv = argv, .mode = on && !c->both_off ? "on" : "off",
		.settings = on ? (char **)o->settings : NULL,
		.without = !on && o->bare_baseline, .children = true,
		.output = memfd_create("output", MFD_CLOEXEC),
	};
	struct rusage usage;
	double start = seconds_now();

	memset(run, 0, sizeof(*run));
	if (l.output < 0)
		return -errno;
	run->pid = launch_start(&l);
	if (run->pid < 0) {
		close(l.output);
		return run->pid;
	}
	run->status = launch_wait(run->pid, &usage);
	run->value[WALL] = seconds_now() - start;
	run->value[USER] = usage.ru_utime.tv_sec + usage.ru_utime.tv_usec / 1e6;
	run->value[SYSTEM] = usage.ru_stime.tv_sec + usage.ru_stime.tv_usec / 1e6;
	run->value[CPU] = run->value[USER] + run->value[SYSTEM];
	run->value[MEMORY] = usage.ru_maxrss;
	page_each(read_page, run);
	read_output(l.output, o, run);
	close(l.output);
	return 0;
}

/* Both did the same work, or there is nothing to compare. */
static void compare_runs(struct comparison *c, const struct run *off, const struct run *on,
			 const struct options *o)
{
	if (off->status != on->status)
		snprintf(c->refusal, sizeof(c->refusal), "the exit status differs: off %d, on %d",
			 WIFEXITED(off->status) ? WEXITSTATUS(off->status) : -WTERMSIG(off->status),
			 WIFEXITED(on->status) ? WEXITSTATUS(on->status) : -WTERMSIG(on->status));
	else if (WIFSIGNALED(on->status))
		snprintf(c->refusal, sizeof(c->refusal), "the program was killed by signal %d",
			 WTERMSIG(on->status));
	else if (o->same_output && off->output != on->output)
		snprintf(c->refusal, sizeof(c->refusal), "the outputs differ");
	else if (o->metric && !(off->has_metric && on->has_metric))
		snprintf(c->refusal, sizeof(c->refusal), "no figure in the output matches --metric");
}

static void add_pair(struct comparison *c, const struct run *off, const struct run *on,
		     const struct options *o)
{
	enum measure m;

	c->gained += on->gained;
	c->timed += on->timed;
	c->loaded |= on->loaded;
	for (m = WALL; m <= METRIC; m++) {
		if (m != METRIC || o->metric)
			pairs_add(&c->pairs[m], off->value[m], on->value[m]);
	}
}

/* Ctrl-C goes to the program as well, which may end as it likes. */
static bool was_interrupted(const struct run *r)
{
	return launch_stopped() || (WIFSIGNALED(r->status) &&
	       (WTERMSIG(r->status) == SIGINT || WTERMSIG(r->status) == SIGTERM));
}

/* Two runs, first the one or the other. 0, or -errno. */
static int measure_pair(struct comparison *c, char **argv, bool on_first, const struct options *o)
{
	struct run off, on;
	int err = run_once(c, argv, on_first, o, on_first ? &on : &off);

	if (!err && !was_interrupted(on_first ? &on : &off))
		err = run_once(c, argv, !on_first, o, on_first ? &off : &on);
	else if (!err)
		c->interrupted = true;
	if (err || c->interrupted)
		return err;
	c->interrupted = was_interrupted(on_first ? &off : &on);
	if (c->interrupted)
		return 0;
	compare_runs(c, &off, &on, o);
	add_pair(c, &off, &on, o);
	return 0;
}

static bool finished(const struct comparison *c, const struct comparison_limits *l, double start)
{
	size_t nr = c->pairs[WALL].nr;

	return *c->refusal || c->interrupted || (l->pairs && nr >= l->pairs) ||
	       (seconds_now() - start >= l->budget && nr >= 1) || comparison_is_precise(c);
}

static int measure_runs(struct comparison *c, char **argv, const struct options *o)
{
	uint64_t coin = c->seed * 0x9e3779b97f4a7c15ULL + 7;
	double start = seconds_now();
	struct run warm;
	int err = run_once(c, argv, true, o, &warm);	/* not counted: fills caches */

	c->interrupted = !err && was_interrupted(&warm);
	while (!err && !finished(c, &o->limits, start)) {
		bool first = random_uniform(&coin) < 0.5;

		err = measure_pair(c, argv, first, o);
		if (!err && !finished(c, &o->limits, start))
			err = measure_pair(c, argv, !first, o);
	}
	return err ? fail("cannot run %s: %s", argv[0], strerror(-err)) : 0;
}

static double number(const char *text, double least)
{
	char *end;
	double d = strtod(text, &end);

	return end == text || *end || !(d >= least) || d > 1e9 ? -1 : d;
}

/* 0, -1 after --help, or an exit code. */
static int parse(int argc, char **argv, struct options *o, struct comparison *c)
{
	static const struct option longs[] = {
		{ "metric", required_argument, NULL, 'm' }, { "larger", no_argument, NULL, 'l' },
		{ "baseline", required_argument, NULL, 'b' }, { "pairs", required_argument, NULL, 'p' },
		{ "budget", required_argument, NULL, 't' }, { "same-output", no_argument, NULL, 'o' },
		{ "report", required_argument, NULL, 'r' }, { "seed", required_argument, NULL, 's' },
		{ "attach", required_argument, NULL, 'a' }, { "slice", required_argument, NULL, 'i' },
		{ "judge", required_argument, NULL, 'J' }, { "aa", no_argument, NULL, 'A' },
		{ "ringfd", required_argument, NULL, 'f' },
		{ "json", no_argument, NULL, 'j' }, { "help", no_argument, NULL, 'h' }, { 0 },
	};
	double d = 0;
	int opt;

	while ((opt = getopt_long(argc, argv, "+h", longs, NULL)) != -1) {
		switch (opt) {
		case 'm': o->metric = optarg; break;
		case 'l': c->pairs[METRIC].larger_is_better = true; break;
		case 'J':
			if (strcmp(optarg, "cpu") && strcmp(optarg, "wall"))
				return misuse("--judge takes wall or cpu, not %s", optarg);
			c->judged = *optarg == 'c' ? CPU : WALL;
			break;
		case 'b':
			if (strcmp(optarg, "none"))
				return misuse("--baseline takes none, not %s", optarg);
			o->bare_baseline = true;
			break;
		case 'p': d = number(optarg, 1); o->limits.pairs = d; break;
		case 't': d = number(optarg, 0); o->limits.budget = d; break;
		case 'o': o->same_output = true; break;
		case 'r': o->page_name = optarg; break;
		case 'A': c->both_off = true; break;
		case 'f':
			if (strcmp(optarg, "auto") && strcmp(optarg, "on") && strcmp(optarg, "off"))
				return misuse("--ringfd takes auto, on or off, not %s", optarg);
			c->ringfd = optarg;
			break;
		case 's': d = number(optarg, 0); c->seed = d; break;
		case 'a': d = number(optarg, 1); o->attach = d; break;
		case 'i': d = number(optarg, 0.01); o->slice = d; break;
		case 'j': o->json = true; break;
		case 'h': fputs(help, stdout); return -1;
		default: return misuse("an option was not understood");
		}
		if (d < 0)
			return misuse("not a fitting number: %s", optarg);
	}
	if (o->metric && regcomp(&o->regex, o->metric, REG_EXTENDED | REG_NEWLINE))
		return misuse("not a regular expression: %s", o->metric);
	if (!o->attach && optind == argc)
		return misuse("no program given");
	if (o->metric)
		c->judged = METRIC;
	if (o->attach && c->ringfd)
		return misuse("--ringfd cannot be changed in a process that runs");
	return 0;
}

/*
 * Opened before anything is run, for a path that cannot be written to shall not cost an
 * hour's figures. An older report stays what it is until there is a new one.
 */
static int open_page(struct options *o)
{
	int fd = open(o->page_name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);

	o->page_is_new = fd >= 0;
	if (fd < 0)
		fd = open(o->page_name, O_WRONLY | O_CLOEXEC);
	o->page = fd >= 0 ? fdopen(fd, "w") : NULL;
	return o->page ? 0 : -1;
}

static void drop_page(const struct options *o)
{
	if (o->page_is_new)
		unlink(o->page_name);
}

/* Returns the exit code, which is the verdict's if all is well. */
static int finish_page(const struct comparison *c, const struct options *o, int verdict)
{
	int failed;

	if (!c->pairs[c->judged].nr) {
		drop_page(o);
		return verdict;
	}
	/* Of a device there is nothing to cut off. */
	failed = ftruncate(fileno(o->page), 0) && errno != EINVAL ? -errno : 0;
	if (!failed)
		failed = comparison_page(c, o->page);
	return failed ? fail("%s: %s", o->page_name, strerror(-failed)) : verdict;
}

int command_compare(int argc, char **argv)
{
	struct options o = { .limits.budget = 60, .slice = 0.5 };
	struct comparison c = { .seed = time(NULL), .judged = WALL };
	struct report *r;
	char name[32];
	int err = parse(argc, argv, &o, &c);

	if (err)
		return err < 0 ? EXIT_OK : err;
	snprintf(name, sizeof(name), "process %d", o.attach);
	c.what = o.attach ? name : argv[optind];
	if (!o.attach && !launch_library())
		return fail("libregwait.so is neither beside this command nor in ../lib; install both");
	if (o.page_name && open_page(&o))
		return fail("%s: %s", o.page_name, strerror(errno));
	if (c.ringfd && asprintf(&o.settings[0], "REGWAIT_RINGFD=%s", c.ringfd) < 0)
		return fail("out of memory");
	err = o.attach ? attach_measure(&c, o.attach, o.slice, &o.limits) :
			 measure_runs(&c, argv + optind, &o);
	if (err) {
		drop_page(&o);
		return err;
	}
	r = report_new();
	err = comparison_report(&c, r);
	report_print(r, o.json, stdout);
	report_free(r);
	return o.page ? finish_page(&c, &o, err) : err;
}
