/* SPDX-License-Identifier: MIT */
/*
 * regwait compare: measures what a program gains, without recompiling it.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "check/why.h"
#include "commands.h"
#include "common/library.h"
#include "common/message.h"
#include "common/number.h"
#include "common/option.h"
#include "common/quote.h"
#include "common/text.h"
#include "compare/attach.h"
#include "compare/html.h"
#include "compare/input.h"
#include "compare/runs.h"
#include "compare/verdict.h"
#include "sites/program.h"

static const char help[] =
	"Usage: regwait compare [OPTIONS] [--] PROGRAM [ARGUMENTS]\n"
	"       regwait compare --attach PID [OPTIONS]\n"
	"\n"
	"Runs PROGRAM with the shim switched off and on, in turn, and tells what it\n"
	"gains. What it prints is discarded.\n"
	"\n"
	"  --metric REGEX    judge by a figure in its output: the first group or match\n"
	"  --input FILE      every run reads this file (default: standard input)\n"
	"  --show-output     print its output after each run, to standard error\n"
	"  --ignore-failure  judge although the program fails in both variants\n"
	"  --larger          with --metric: a larger figure is the better one\n"
	"  --judge cpu       judge by CPU time, user and system, not by wall time: for a\n"
	"                    machine on which other things run\n"
	"  --baseline none   compare with the program without the shim, not switched off\n"
	"  --aa              off in both variants: what it finds then is noise\n"
	"  --ringfd VALUE    auto or off: REGWAIT_RINGFD in the on variant\n"
	"  --spin VALUE      off, auto or microseconds: REGWAIT_SPIN in the on variant\n"
	"  --taskrun VALUE   asis or coop: REGWAIT_TASKRUN in the on variant\n"
	"  --sites           patch its system call instructions in the on variant (see\n"
	"                    regwait run)\n"
	"  --pairs N         at most this many pairs\n"
	"  --budget SECONDS  after this no more runs are started (default 60)\n"
	"  --same-output     refuse to judge if the outputs differ\n"
	"  --report FILE     write a report with the distributions (HTML)\n"
	"  --seed N          seed of the coin and the bootstrap (default: the time)\n"
	"  --attach PID      slices of a running process instead, by CPU time per wait.\n"
	"                    It must run with REGWAIT_LIVE=on, as under regwait run\n"
	"  --slice SECONDS   with --attach: length of a slice (default 0.5)\n"
	"  --json            as JSON\n"
	"  --help            this\n"
	"\n"
	"It stops when the interval is within half a percent or the budget is spent,\n"
	"never because a difference shows. Ratios are off/on (with --larger on/off):\n"
	"above 1, the shim is faster.\n"
	"\n"
	"Exit status: 0 faster; 10 slower; 11 no difference; 12 inconclusive; 13 not\n"
	"exercised; 14 refused, as the variants did not do the same; 1 failed; 2 usage.\n";

struct options {
	struct comparison_limits limits;
	struct run_options runs;
	const char *report_name, *input_name;
	FILE *report;
	bool report_is_new;
	bool json, sites;
	pid_t attach;
	double slice;
	const char *given[128]; /* the names of the options that were given, by their letters */
};

static const struct option longs[] = {
	{ "metric", required_argument, NULL, 'm' }, { "larger", no_argument, NULL, 'l' },
	{ "judge", required_argument, NULL, 'J' },  { "baseline", required_argument, NULL, 'b' },
	{ "aa", no_argument, NULL, 'A' },	    { "ringfd", required_argument, NULL, 'f' },
	{ "spin", required_argument, NULL, 'S' },   { "taskrun", required_argument, NULL, 'T' },
	{ "sites", no_argument, NULL, 'x' },	    { "pairs", required_argument, NULL, 'p' },
	{ "budget", required_argument, NULL, 't' }, { "same-output", no_argument, NULL, 'o' },
	{ "report", required_argument, NULL, 'r' }, { "seed", required_argument, NULL, 's' },
	{ "attach", required_argument, NULL, 'a' }, { "slice", required_argument, NULL, 'i' },
	{ "json", no_argument, NULL, 'j' },	    { "input", required_argument, NULL, 'I' },
	{ "show-output", no_argument, NULL, 'O' },  { "ignore-failure", no_argument, NULL, 'F' },
	{ "help", no_argument, NULL, 'h' },	    { 0 },
};

static bool one_of(const char *value, const char *const *values)
{
	for (; *values; values++)
		if (!strcmp(value, *values))
			return true;
	return false;
}

/* Options of the on variant. 0, or an exit code. */
static int set_variable(int opt, const char *value, struct comparison *c)
{
	static const char *const ringfds[] = { "auto", "off", NULL }, *const taskruns[] = { "asis",
											    "coop",
											    NULL };

	switch (opt) {
	case 'f':
		c->ringfd = value;
		return one_of(value, ringfds) ?
			       0 :
			       misuse("--ringfd takes auto or off, not %s", text_name(value));
	case 'S':
		c->spin = value;
		return option_is_spin(value) ? 0 :
					       misuse("--spin takes off, auto or 1 to 1000, not %s",
						      text_name(value));
	default:
		c->taskrun = value;
		return one_of(value, taskruns) ?
			       0 :
			       misuse("--taskrun takes asis or coop, not %s", text_name(value));
	}
}

/* Returns where more may follow; NULL: out of memory. */
static char **put_variables(const struct comparison *c, char **settings)
{
	const char *const variables[][2] = {
		{ "REGWAIT_RINGFD", c->ringfd },
		{ "REGWAIT_SPIN", c->spin },
		{ "REGWAIT_TASKRUN", c->taskrun },
	};
	unsigned i;

	for (i = 0; i < sizeof(variables) / sizeof(variables[0]); i++)
		if (variables[i][1] &&
		    asprintf(settings++, "%s=%s", variables[i][0], variables[i][1]) < 0)
			return NULL;
	return settings;
}

/* Options whose values are numbers. */
static bool set_number(int opt, const char *value, struct options *o, struct comparison *c)
{
	uint64_t n = 0;

	switch (opt) {
	case 'p':
		if (!number_uint64(value, &n) || !n)
			return false;
		o->limits.pairs = n;
		return true;
	case 's':
		return number_uint64(value, &c->seed);
	case 'a':
		o->attach = number_pid(value);
		return o->attach > 0;
	case 't':
		return number_real(value, 0, 1e9, &o->limits.budget);
	default:
		return number_real(value, 0.01, 1e9, &o->slice);
	}
}

/* 0, or an exit code. */
static int set_option(const struct option *option, const char *value, struct options *o,
		      struct comparison *c)
{
	static const char *const judges[] = { "wall", "cpu", NULL }, *const bases[] = { "none",
											NULL };

	switch (option->val) {
	case 'm':
		o->runs.streams.metric = value;
		break;
	case 'l':
		c->pairs[METRIC].larger_is_better = true;
		break;
	case 'J':
		if (!one_of(value, judges))
			return misuse("--judge takes wall or cpu, not %s", text_name(value));
		c->judged = *value == 'c' ? CPU : WALL;
		break;
	case 'b':
		if (!one_of(value, bases))
			return misuse("--baseline takes none, not %s", text_name(value));
		o->runs.bare_baseline = true;
		break;
	case 'f':
	case 'S':
	case 'T':
		return set_variable(option->val, value, c);
	case 'o':
		o->runs.streams.hash = true;
		break;
	case 'r':
		o->report_name = value;
		break;
	case 'I':
		o->input_name = value;
		break;
	case 'O':
		o->runs.streams.show = true;
		break;
	case 'F':
		o->runs.ignore_failure = true;
		break;
	case 'A':
		c->both_off = true;
		break;
	case 'j':
		o->json = true;
		break;
	case 'x':
		o->sites = true;
		break;
	default:
		if (!set_number(option->val, value, o, c))
			return misuse("--%s: not a fitting number: %s", option->name,
				      text_name(value));
	}
	return 0;
}

/* Options that would do nothing are refused, for who gives them counts on them. 0, or an exit code. */
static int what_does_not_fit(const struct options *o, const char *program)
{
	static const char of_runs[] = "mIOFlJbfSTxo";
	const char *letter;

	for (letter = of_runs; o->attach && *letter; letter++)
		if (o->given[(int)*letter])
			return misuse("--%s is for programs that are started, and not for --attach",
				      o->given[(int)*letter]);
	if (o->attach && program)
		return misuse("--attach: no program is started, so what is %s for?", program);
	if (!o->attach && !program)
		return misuse("no program given");
	if (!o->attach && o->given['i'])
		return misuse("--slice is for --attach");
	if (o->given['l'] && !o->given['m'])
		return misuse("--larger needs --metric");
	if (o->given['J'] && o->given['m'])
		return misuse("--judge and --metric exclude each other");
	return 0;
}

/* 0, -1 after --help, or an exit code. */
static int parse(int argc, char **argv, struct options *o, struct comparison *c)
{
	int opt, err, index = 0;

	opterr = 0;
	while ((opt = getopt_long(argc, argv, "+:h", longs, &index)) != -1) {
		if (opt == '?' || opt == ':')
			return option_misuse(opt, argv);
		if (opt == 'h') {
			fputs(help, stdout);
			return -1;
		}
		err = set_option(&longs[index], optarg, o, c);
		if (err)
			return err;
		o->given[opt] = longs[index].name;
	}
	err = what_does_not_fit(o, argv[optind]);
	if (err)
		return err;
	if (o->runs.streams.metric &&
	    regcomp(&o->runs.streams.regex, o->runs.streams.metric, REG_EXTENDED | REG_NEWLINE))
		return misuse("not a regular expression: %s", o->runs.streams.metric);
	if (o->runs.streams.metric)
		c->judged = METRIC;
	return 0;
}

/*
 * Opens the report before anything is run: an hour of measuring must not end with a path that
 * cannot be written to. An older report is kept until there is a new one.
 */
static int open_report(struct options *o)
{
	int fd = open(o->report_name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);

	o->report_is_new = fd >= 0;
	if (fd < 0 && errno == EEXIST)
		fd = open(o->report_name, O_WRONLY | O_CLOEXEC);
	o->report = fd >= 0 ? fdopen(fd, "w") : NULL;
	return o->report ? 0 : -1;
}

/* Makes the file our own standard input, as if a shell had opened it. */
static int open_input(const char *name)
{
	int fd = open(name, O_RDONLY);
	struct stat st;

	if (fd >= 0 && !fstat(fd, &st) && S_ISDIR(st.st_mode)) {
		errno = EISDIR;
		return -1;
	}
	if (fd < 0 || fd == STDIN_FILENO)
		return fd < 0 ? -1 : 0;
	if (dup2(fd, STDIN_FILENO) < 0)
		return -1;
	close(fd);
	return 0;
}

static void drop_report(const struct options *o)
{
	if (o->report_name && o->report_is_new)
		unlink(o->report_name);
}

/* Returns the exit code, which is the verdict's if all is well. */
static int finish_report(const struct comparison *c, const struct options *o, int verdict)
{
	int failed;

	if (!c->pairs[c->judged].nr) {
		drop_report(o);
		return verdict;
	}
	/* A device cannot be truncated. */
	failed = ftruncate(fileno(o->report), 0) && errno != EINVAL ? -errno : 0;
	if (!failed)
		failed = html_write(c, o->report);
	return failed ? fail("cannot write %s: %s", text_name(o->report_name), error_text(failed)) :
			verdict;
}

int command_compare(int argc, char **argv)
{
	struct options o = { .limits.budget = 60, .slice = 0.5 };
	struct comparison c = { .seed = time(NULL), .judged = WALL };
	struct input input;
	struct report *r;
	char name[32], **setting;
	int err = parse(argc, argv, &o, &c);

	if (err)
		return err < 0 ? EXIT_OK : err;
	snprintf(name, sizeof(name), "process %d", o.attach);
	c.what = o.attach ? name : argv[optind];
	if (!o.attach)
		c.command = quote_words((const char *const *)argv + optind);
	if (!o.attach && !library_path())
		return fail("%s", library_reason());
	if (o.input_name && open_input(o.input_name))
		return fail("cannot read %s: %s", text_name(o.input_name), error_text(errno));
	if (o.report_name && open_report(&o))
		return fail("cannot write %s: %s", text_name(o.report_name), error_text(errno));
	setting = put_variables(&c, o.runs.settings);
	if (!setting)
		return fail("out of memory");
	if (o.sites && !(*setting = sites_of_program(argv[optind])))
		return EXIT_NO;
	o.runs.never_preload = !o.attach && why_not_preload(argv[optind]);
	input_open(&input);
	o.runs.input = &input;
	err = o.attach ? attach_measure(&c, o.attach, o.slice, &o.limits) :
			 runs_measure(&c, argv + optind, &o.runs, &o.limits);
	if (err) {
		drop_report(&o);
		return err;
	}
	r = report_new();
	err = verdict_report(&c, r);
	report_print(r, o.json, stdout);
	report_free(r);
	return o.report ? finish_report(&c, &o, err) : err;
}
