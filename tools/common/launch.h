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
	int32_t run; /* set by launch_mark: what marks its stats pages (REGWAIT_RUN) */
	/* Called every so often meanwhile; returns whether there was something to do. */
	bool (*meanwhile)(void *arg);
	void *arg;
};

/*
 * Becomes the program: its process id is ours. Unless it was marked, its stats page goes when
 * it ends. Returns -errno if it could not be executed.
 */
int launch_in_place(const struct launch *l);

/* Gives it a number by which its stats pages are known; these then outlive their processes. */
void launch_mark(struct launch *l);

/*
 * Starts it. From the first start on all signals are blocked here, and taken by launch_wait.
 * Returns the process id, or -errno if it could not be executed.
 */
pid_t launch_start(struct launch *l);

/*
 * Lets go of standard input and output, and of all other descriptors but standard error and
 * this one (-1: none).
 */
void launch_let_go(int keep);

/* The same without the witness, but with two of them. */
void launch_let_go_but(int keep, int keep_too);

/*
 * Waits for its end, passes on what signals are sent to us, and stops when it stops. Returns
 * the status as of waitpid(2), -errno.
 */
int launch_wait(const struct launch *l, pid_t pid, struct rusage *usage);

/* Whether we were told to stop (SIGINT, SIGQUIT, SIGTERM, SIGHUP) since the first start. */
bool launch_stopped(void);

/* Nothing more will be started: signals have the effect again that they had before the first. */
void launch_done(void);

/* Ends this process as a program with this status ended: with its code, or by its signal. */
void launch_end_like(int status) __attribute__((noreturn));

#endif
