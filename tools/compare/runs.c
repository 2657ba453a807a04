/* SPDX-License-Identifier: MIT */
/*
 * Measures whole runs of a program.
 *
 * Runs come in rounds of four: off, on, on, off, or the other way round, as a coin decides. So
 * neither drift nor being first favours a variant.
 */
#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/launch.h"
#include "common/message.h"
#include "common/statistics.h"
#include "common/text.h"
#include "input.h"
#include "progress.h"
#include "runs.h"
#include "stats/counts.h"
#include "stats/tally.h"
#include "streams.h"

/* One run of one variant. */
struct run {
	double value[MEASURES];
	int status;
	struct streams streams;
	struct tally tally;
};

static bool meanwhile(void *arg)
{
	struct run *run = arg;

	streams_meanwhile(&run->streams);
	return tally_harvest(&run->tally);
}

/* Who printed more in the run before all others prints into pipes. */
#define MUCH (64 << 20)

/* Starts a run and waits for its end. 0, or -errno if it could not be run. */
static int time_run(struct launch *l, struct run *run)
{
	struct rusage usage;
	double start = seconds_now();
	pid_t pid = launch_start(l);

	if (l->input >= 0)
		close(l->input);
	if (pid < 0)
		return pid;
	run->tally.run = l->run;
	streams_meanwhile(&run->streams);
	run->status = launch_wait(l, pid, &usage);
	run->value[WALL] = seconds_now() - start;
	run->value[USER] = usage.ru_utime.tv_sec + usage.ru_utime.tv_usec / 1e6;
	run->value[SYSTEM] = usage.ru_stime.tv_sec + usage.ru_stime.tv_usec / 1e6;
	run->value[CPU] = run->value[USER] + run->value[SYSTEM];
	run->value[MEMORY] = usage.ru_maxrss;
	return 0;
}

static int run_once(const struct comparison *c, char **argv, bool on, const struct run_options *o,
		    struct run *run)
{
	struct launch l = {
		.argv = argv,
		.mode = on && !c->both_off ? "on" : "off",
		.settings = on ? (char **)o->settings : NULL,
		.without = (!on && o->bare_baseline) || o->never_preload,
		.children = true,
		.input = -1,
		.meanwhile = meanwhile,
		.arg = run,
	};
	int err;

	*run = (struct run){ 0 };
	err = streams_open(&run->streams, &o->streams, c->pipes);
	l.output = run->streams.outputs[OUTPUT].fd;
	l.error = run->streams.outputs[ERROR].fd;
	if (!err)
		err = input_begin(o->input, &l.input);
	if (!err) {
		err = time_run(&l, run);
		if (!err)
			err = input_end(o->input);
		else
			input_end(o->input);
	}
	tally_harvest(&run->tally);
	if (!err)
		streams_finish(&run->streams);
	streams_close(&run->streams);
	tally_free(&run->tally);
	return err;
}

/* If the variants did not do the same work, they are not compared. */
static void compare_runs(struct comparison *c, const struct run *off, const struct run *on,
			 const struct run_options *o)
{
	const struct figure *off_figure = streams_figure(&off->streams),
			    *on_figure = streams_figure(&on->streams);
	const char *said = on->streams.said;

	if (off->status != on->status)
		snprintf(c->reason, sizeof(c->reason), "the exit status differs: off %d, on %d",
			 WIFEXITED(off->status) ? WEXITSTATUS(off->status) : -WTERMSIG(off->status),
			 WIFEXITED(on->status) ? WEXITSTATUS(on->status) : -WTERMSIG(on->status));
	else if (on->status && WIFEXITED(on->status) && !o->ignore_failure)
		snprintf(c->reason, sizeof(c->reason),
			 "the program fails in both variants, with exit status %d (%s%s%s)",
			 WEXITSTATUS(on->status), *said ? "it says: " : "",
			 *said ? said : "it says nothing",
			 "; --ignore-failure judges all the same");
	else if (WIFSIGNALED(on->status))
		snprintf(c->reason, sizeof(c->reason), "the program was killed by signal %d",
			 WTERMSIG(on->status));
	else if (o->streams.hash && off->streams.hash != on->streams.hash)
		snprintf(c->reason, sizeof(c->reason), "the outputs differ");
	else if (o->streams.metric && !(off_figure->found && on_figure->found))
		snprintf(c->reason, sizeof(c->reason), "no figure in the output matches --metric");
	else if (o->streams.metric && !(off_figure->usable && on_figure->usable))
		snprintf(c->reason, sizeof(c->reason),
			 "what --metric found is not a number above zero: %s",
			 off_figure->usable ? on_figure->text : off_figure->text);
}

static void add_pair(struct comparison *c, const struct run *off, const struct run *on)
{
	const struct figure *off_figure = streams_figure(&off->streams),
			    *on_figure = streams_figure(&on->streams);
	enum measure m;

	c->gained += counts_gained(&on->tally.all.counts);
	c->spun += counts_spun(&on->tally.all.counts);
	c->timed += counts_timed(&on->tally.all.counts);
	c->nested |= on->tally.nested;
	c->loaded |= on->tally.pages > 0;
	c->plain_why = counts_plain_why(&on->tally.all.counts);
	for (m = WALL; m < METRIC; m++)
		pairs_add(&c->pairs[m], off->value[m], on->value[m]);
	if (off_figure->usable && on_figure->usable)
		pairs_add(&c->pairs[METRIC], off_figure->value, on_figure->value);
}

/*
 * Ctrl-C also reaches the program, which may end in any way. Who ends one process after the other,
 * as systemd does, comes to us a moment after the program; a program that is ended alone was killed.
 */
static bool was_interrupted(const struct run *r)
{
	int i, sig = WIFSIGNALED(r->status) ? WTERMSIG(r->status) : 0;

	for (i = 0; i < 10 && !launch_stopped(); i++) {
		if (sig != SIGINT && sig != SIGTERM && sig != SIGHUP && sig != SIGQUIT)
			return false;
		usleep(10000);
	}
	return launch_stopped();
}

/* Two runs, first the one or the other. 0, or -errno. */
static int measure_pair(struct comparison *c, char **argv, bool on_first,
			const struct run_options *o)
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
	add_pair(c, &off, &on);
	return 0;
}

static bool finished(const struct comparison *c, const struct comparison_limits *l, double start)
{
	size_t nr = c->pairs[WALL].nr;

	return *c->reason || c->interrupted || (l->pairs && nr >= l->pairs) ||
	       (seconds_now() - start >= l->budget && nr >= 1) || comparison_is_precise(c);
}

int runs_measure(struct comparison *c, char **argv, const struct run_options *o,
		 const struct comparison_limits *limits)
{
	uint64_t coin = random_state(c->seed);
	double start = seconds_now();
	struct run warm;
	int err;

	if (!o->streams.show)
		progress_show(c, limits, start);
	/* The program begins with our memory: what we free is to be gone, for it counts as its own. */
	mallopt(M_MMAP_THRESHOLD, 128 << 10);
	/* Not measured: fills caches, and tells how much is printed. */
	c->pipes = true;
	err = run_once(c, argv, true, o, &warm);
	c->pipes = warm.streams.taken > MUCH;
	c->interrupted = !err && was_interrupted(&warm);
	while (!err && !finished(c, limits, start)) {
		bool first = random_uniform(&coin) < 0.5;

		err = measure_pair(c, argv, first, o);
		if (!o->streams.show)
			progress_show(c, limits, start);
		if (!err && !finished(c, limits, start))
			err = measure_pair(c, argv, !first, o);
		if (!o->streams.show)
			progress_show(c, limits, start);
	}
	progress_end();
	return err ? fail("cannot run %s: %s", text_name(argv[0]), error_text(err)) : EXIT_OK;
}
