/* SPDX-License-Identifier: MIT */
/*
 * regwait run: runs a program under the shim, and tells whether the shim did anything.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check/why.h"
#include "commands.h"
#include "common/launch.h"
#include "common/library.h"
#include "common/message.h"
#include "common/option.h"
#include "common/text.h"
#include "run/tell.h"
#include "run/watch.h"
#include "sites/program.h"
#include "stats/counts.h"

#define EXIT_NOT_REGISTERED 3
#define EXIT_NOT_EXECUTED   126
#define EXIT_NOT_FOUND	    127

static const char help[] =
	"Usage: regwait run [OPTIONS] [--] PROGRAM [ARGUMENTS]\n"
	"\n"
	"Runs PROGRAM with libregwait.so added to LD_PRELOAD. Exit status and signals are\n"
	"the program's own. Afterwards one line on standard error says what was done.\n"
	"\n"
	"  --observe    change nothing; count the timed waits and predict what\n"
	"               registering them would save\n"
	"  --ab         toss a coin for each wait; tell what the registered ones saved\n"
	"  --aa         the same with plain waits in both variants: shows the noise\n"
	"  --spin VALUE off, auto or microseconds: waits look before they sleep; with\n"
	"               --ab those that the coin chooses, with or without a timeout\n"
	"  --sites      patch the system call instructions of PROGRAM and its libraries:\n"
	"               for programs with liburing linked in (see regwait sites)\n"
	"  --off        preloaded, but every call is passed on\n"
	"  --children   act in the program's children as well\n"
	"  --exec       become PROGRAM, under the same process id; a process that is no\n"
	"               child of it says the line afterwards\n"
	"  --require    exit with 3 if no timed wait was registered or polled\n"
	"  --stats      all counts, not one line\n"
	"  --json       the counts as JSON\n"
	"  --output FILE\n"
	"               the line, the counts or the JSON go there, not to standard error\n"
	"  --quiet      no line\n"
	"  --help       this\n"
	"\n"
	"Exit status: the program's; 127 if there is none, 126 if it cannot be executed,\n"
	"as with env; 1 if something else failed; 2 usage; 3 see --require.\n";

struct options {
	struct telling telling;
	const char *output, *spin;
	bool require, in_place, sites;
};

static const struct option longs[] = {
	{ "observe", no_argument, NULL, 'b' },
	{ "ab", no_argument, NULL, 'A' },
	{ "aa", no_argument, NULL, 'a' },
	{ "off", no_argument, NULL, 'o' },
	{ "children", no_argument, NULL, 'c' },
	{ "exec", no_argument, NULL, 'e' },
	{ "sites", no_argument, NULL, 'S' },
	{ "require", no_argument, NULL, 'r' },
	{ "stats", no_argument, NULL, 's' },
	{ "json", no_argument, NULL, 'j' },
	{ "quiet", no_argument, NULL, 'q' },
	{ "output", required_argument, NULL, 'O' },
	{ "spin", required_argument, NULL, 'p' },
	{ "help", no_argument, NULL, 'h' },
	{ 0 },
};

static const char *mode_of(int option)
{
	return option == 'b' ? "observe" : option == 'A' ? "ab" : option == 'a' ? "aa" : "off";
}

/* 0, or an exit code. */
static int what_does_not_fit(const struct options *o, const char *program)
{
	const struct telling *how = &o->telling;

	if (!program)
		return misuse("no program given");
	if (how->quiet && (o->output || how->stats || how->json))
		return misuse("--quiet leaves nothing for --%s", o->output  ? "output" :
								 how->stats ? "stats" :
									      "json");
	if (how->stats && how->json)
		return misuse("--stats and --json exclude each other");
	if (o->spin && !option_is_spin(o->spin))
		return misuse("--spin takes off, auto or 1 to 1000, not %s", text_name(o->spin));
	if (o->spin && how->mode && (!strcmp(how->mode, "observe") || !strcmp(how->mode, "off")))
		return misuse("--%s and --spin exclude each other", how->mode);
	if (o->in_place && o->require)
		return misuse("--exec: the exit status is the program's, whatever --require finds");
	return 0;
}

/* 0, -1 after --help, or an exit code. */
static int parse(int argc, char **argv, struct options *o)
{
	int c;

	opterr = 0;
	while ((c = getopt_long(argc, argv, "+:h", longs, NULL)) != -1) {
		switch (c) {
		case 'b':
		case 'A':
		case 'a':
		case 'o':
			if (o->telling.mode && strcmp(o->telling.mode, mode_of(c)))
				return misuse("--%s and --%s exclude each other", o->telling.mode,
					      mode_of(c));
			o->telling.mode = mode_of(c);
			break;
		case 'c':
			o->telling.children = true;
			break;
		case 'e':
			o->in_place = true;
			break;
		case 'S':
			o->sites = true;
			break;
		case 'p':
			o->spin = optarg;
			break;
		case 'r':
			o->require = true;
			break;
		case 's':
			o->telling.stats = true;
			break;
		case 'j':
			o->telling.json = true;
			break;
		case 'q':
			o->telling.quiet = true;
			break;
		case 'O':
			o->output = optarg;
			break;
		case 'h':
			fputs(help, stdout);
			return -1;
		default:
			return option_misuse(c, argv);
		}
	}
	return what_does_not_fit(o, argv[optind]);
}

/* As env(1) and shells do. */
static int cannot_run(const char *program, int err)
{
	fail("cannot run %s: %s", text_name(program), error_text(err));
	return err == -ENOENT ? EXIT_NOT_FOUND : EXIT_NOT_EXECUTED;
}

static bool harvest(void *arg)
{
	return tally_harvest(arg);
}

/* Prints the report, and says so if it could not be written. */
static void tell_all(struct tally *tally, const struct options *o, const char *program)
{
	const struct telling *how = &o->telling;

	snprintf(tally->all.program, sizeof(tally->all.program), "all together");
	tell(tally, how);
	tell_why(tally, how, program);
	errno = 0;
	if (o->output && (fflush(how->to) || ferror(how->to)))
		fail("cannot write %s: %s", text_name(o->output), error_text(errno));
}

static int run(struct launch *l, const struct options *o)
{
	struct tally tally = { 0 };
	int status;
	pid_t pid;

	if (o->telling.children) {
		l->meanwhile = harvest;
		/* cppcheck-suppress autoVariables ; used while we are in here */
		l->arg = &tally;
	}
	l->without = why_not_preload(l->argv[0]);
	pid = launch_start(l);
	if (pid < 0)
		return cannot_run(l->argv[0], pid);
	launch_let_go(o->output ? fileno(o->telling.to) : -1);
	tally.run = l->run;
	status = launch_wait(l, pid, NULL);
	if (status < 0)
		return fail("lost sight of %s: %s", l->argv[0], error_text(status));
	tally_harvest(&tally);
	tell_all(&tally, o, l->argv[0]);
	if (o->require && !counts_gained(&tally.all.counts)) {
		fail(tally.pages ? "--require: no timed wait was registered" :
				   "--require: no timed wait is known to have been registered");
		return EXIT_NOT_REGISTERED;
	}
	launch_end_like(status);
}

struct ending {
	const struct options *options;
	const char *program;
};

static void at_end(struct tally *tally, void *arg)
{
	const struct ending *e = arg;

	tell_all(tally, e->options, e->program);
}

/* May the program run without the watcher? If no option asks for counts. */
static bool may_be_silent(const struct options *o)
{
	return !o->output && !o->telling.stats && !o->telling.json;
}

static int run_in_place(struct launch *l, const struct options *o)
{
	struct ending ending = { o, l->argv[0] };
	struct watch watch;
	int watched = o->telling.quiet ? -ECANCELED :
					 watch_start(&watch, l, &o->telling, at_end, &ending),
	    err;

	if (watched && !o->telling.quiet && !may_be_silent(o))
		return fail("--exec: afterwards nobody would be there to tell of it: %s",
			    watched == -ECHILD ? "orphans would become the program's children" :
						 error_text(watched));
	if (watched)
		l->run = 0;
	l->without = why_not_preload(l->argv[0]);
	err = launch_in_place(l);
	if (!watched)
		watch_cancel(&watch);
	return cannot_run(l->argv[0], err);
}

int command_run(int argc, char **argv)
{
	struct options o = { .telling.to = stderr };
	struct launch l = { .input = -1, .output = -1, .error = -1 };
	int err = parse(argc, argv, &o);
	char *settings[3] = { NULL }, **setting = settings;

	if (err)
		return err < 0 ? EXIT_OK : err;
	l.argv = argv + optind;
	l.mode = o.telling.mode;
	l.children = o.telling.children;
	if (!library_path())
		return fail("%s", library_reason());
	if (o.sites && !(*setting++ = sites_of_program(l.argv[0])))
		return EXIT_NO;
	if (o.spin && asprintf(setting, "REGWAIT_SPIN=%s", o.spin) < 0)
		must(NULL);
	l.settings = settings;
	if (o.output && !(o.telling.to = fopen(o.output, "we")))
		return fail("cannot write %s: %s", text_name(o.output), error_text(errno));
	return o.in_place ? run_in_place(&l, &o) : run(&l, &o);
}
