/* SPDX-License-Identifier: MIT */
/*
 * Starts a program under the shim and waits for it.
 */
#ifndef REGWAIT_LAUNCH_H
#define REGWAIT_LAUNCH_H

#include <stdbool.h>
#include <sys/resource.h>
#include <sys/types.h>

struct launch {
	char **argv;		/* NULL at the end; looked up in PATH */
	const char *mode;	/* value of REGWAIT; NULL: what the environment says */
	char **settings;	/* more NAME=VALUE, NULL at the end; may be NULL */
	bool without;		/* do not preload at all */
	bool children;		/* act in the program's children as well */
	int output;		/* becomes standard output; -1: as ours */
};

/* The library's path: beside this command, or where it is installed. NULL: not found. */
const char *launch_library(void);

/*
 * Starts it; its stats page is marked with its process id (REGWAIT_RUN).
 * Returns the process id, or -errno if it could not be executed.
 */
pid_t launch_start(const struct launch *l);

/* Whether we were told to stop (SIGINT, SIGQUIT, SIGTERM, SIGHUP) since the first start. */
bool launch_stopped(void);

/*
 * Waits for its end, passing on signals that are sent to us, but for those that
 * a terminal sends to both. Returns the status as of waitpid(2), -errno.
 */
int launch_wait(pid_t pid, struct rusage *usage);

/* Ends this process as a program with this status ended: with its code, or by its signal. */
void launch_end_like(int status) __attribute__((noreturn));

#endif
