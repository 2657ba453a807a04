/* SPDX-License-Identifier: MIT */
/*
 * Runs the scenarios of one program, each in a process of its own, so that
 * one which crashes, hangs or loses its descriptors cannot spoil the next.
 */
#include <fnmatch.h>
#include <stdarg.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "oracle.h"

const char *running = "?";
int stuck_pipe[2];

/* A slow or busy machine gets longer waits and wider classes, in proportion. */
double slack(void)
{
	static double factor;

	if (!factor) {
		const char *text = getenv("ORACLE_SLACK");

		factor = text ? strtod(text, NULL) : 1;
		if (!(factor >= 0.1 && factor <= 100)) {
			fprintf(stderr,
				"oracle: ORACLE_SLACK is \"%s\": "
				"give a number from 0.1 to 100\n",
				text);
			exit(1);
		}
	}
	return factor;
}

struct __kernel_timespec after_ms(double ms)
{
	long long ns = ms * slack() * 1e6;

	return (struct __kernel_timespec){
		.tv_sec = ns / 1000000000,
		.tv_nsec = ns % 1000000000,
	};
}

void sleep_ms(double ms)
{
	struct __kernel_timespec kts = after_ms(ms);
	struct timespec ts = { .tv_sec = kts.tv_sec, .tv_nsec = kts.tv_nsec };

	while (clock_nanosleep(CLOCK_MONOTONIC, 0, &ts, &ts) == EINTR)
		;
}

void say(const char *fmt, ...)
{
	va_list args;

	printf("%s", running);
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	putchar('\n');
	/* What has been printed must be there even if the next step crashes. */
	fflush(stdout);
}

void skip(const char *what, const char *why)
{
	say("%s%s: not here: %s", *what ? "/" : "", what, why);
}

void must(int ret, const char *what)
{
	if (ret >= 0)
		return;
	say(": gave up: %s returned %s", what, errname(ret));
	exit(1);
}

/* A scenario starts from the state that a freshly executed program has. */
static void run_here(const struct scenario *scenario)
{
	char name[80];

	running = scenario->name;
	snprintf(name, sizeof(name), "%s/", running);
	mark(name);
	if (pipe(stuck_pipe))
		must(-errno, "pipe");
	/* A wait that never ends must not hold up the rest. */
	alarm(30 * slack() + 60);
	scenario->run();
}

static void run_apart(const struct scenario *scenario)
{
	int status;
	pid_t child;

	fflush(stdout);
	child = fork();
	if (child < 0) {
		perror("oracle: fork failed");
		exit(1);
	}
	if (!child) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		run_here(scenario);
		exit(0);
	}
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	running = scenario->name;
	if (WIFSIGNALED(status))
		say(": ended by SIG%s", sigabbrev_np(WTERMSIG(status)));
	else if (WEXITSTATUS(status))
		say(": ended with exit code %d", WEXITSTATUS(status));
}

static bool wanted(const char *name, char **patterns)
{
	if (!*patterns)
		return true;
	for (; *patterns; patterns++)
		if (!fnmatch(*patterns, name, 0))
			return true;
	return false;
}

int main(int argc, char **argv)
{
	const struct scenario *scenario;
	struct rlimit no_core = { 0, 0 };
	bool here = false;
	int ran = 0;

	(void)argc;
	argv++;
	if (*argv && !strcmp(*argv, "--list")) {
		for (scenario = scenarios; scenario->name; scenario++)
			puts(scenario->name);
		return 0;
	}
	/* For a debugger, or to see the scenarios share one process. */
	if (*argv && !strcmp(*argv, "--here")) {
		here = true;
		argv++;
	}
	/* Complains of a bad value once, and not in each child. */
	slack();
	setrlimit(RLIMIT_CORE, &no_core);
	for (scenario = scenarios; scenario->name; scenario++) {
		if (!wanted(scenario->name, argv))
			continue;
		ran++;
		if (here)
			run_here(scenario);
		else
			run_apart(scenario);
	}
	if (!ran) {
		fprintf(stderr, "oracle: no scenario is called \"%s\": see --list\n", *argv);
		return 1;
	}
	return 0;
}
