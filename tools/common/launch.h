/* SPDX-License-Identifier: MIT */
/*
 * Starts a program under the shim and waits for it. Neither the program nor whoever started us
 * should notice this process between them.
 */
#ifndef REGWAIT_LAUNCH_H
#define REGWAIT_LAUNCH_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>

struct launch {
	char **argv;	  /* NULL at the end; looked up in PATH */
	const char *mode; /* value of REGWAIT; NULL: what the environment says */
	char **settings;  /* more NAME=VALUE, NULL at the end; may be NULL */
	bool without;	  /* do not preload at all */
	bool children;	  /* act in the program's children as well */
	/* Become standard input, output and error; -1: as ours. */
	int input, output, error;
	int32_t run; /* set by launch_mark(): marks its stats pages (REGWAIT_RUN) */
	/* Called at intervals while the program runs; returns whether there was something to do. */
	bool (*meanwhile)(void *arg);
	void *arg;
};

/*
 * To be called first. From now on a file that may not grow (RLIMIT_FSIZE) is an error, and does not
 * end this process by SIGXFSZ; programs are started as if this had not been called.
 */
void launch_prepare(void);

/*
 * Executes the program in this process, which so keeps its id. Unless it was marked, its stats page
 * is removed when it ends. Returns -errno if it could not be executed.
 */
int launch_in_place(const struct launch *l);

/* Marks the program's stats pages with a number; these then outlive their processes. */
void launch_mark(struct launch *l);

/*
 * Starts the program. From the first start on all signals are blocked here, and taken by
 * launch_wait(). Returns the process id, or -errno if it could not be executed.
 */
pid_t launch_start(struct launch *l);

/*
 * Closes standard input and output, and all other descriptors except standard error and this one
 * (-1: none).
 */
void launch_let_go(int keep);

/* The same, except two descriptors, and without the witness. */
void launch_let_go_but(int keep, int keep_too);

/*
 * Waits for the program's end. Meanwhile passes on signals that are sent to us, and stops when the
 * program stops. Returns the status as of waitpid(2), or -errno.
 */
int launch_wait(const struct launch *l, pid_t pid, struct rusage *usage);

/* Were we told to end (SIGINT, SIGQUIT, SIGTERM, SIGHUP) since the first start? */
bool launch_stopped(void);

/*
 * No more programs will be started: signals have the effect again that they had before the first.
 */
void launch_done(void);

/* Ends this process as the program with this status ended: with its exit code, or by its signal. */
void launch_end_like(int status) __attribute__((noreturn));

#endif
