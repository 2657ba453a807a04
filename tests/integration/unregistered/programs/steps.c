/* SPDX-License-Identifier: MIT */
/*
 * Counts user-space instructions by executing them one by one, which works on the real kernel:
 * signals interrupt waits, children fork. (valgrind holds signals back until io_uring_enter is over.)
 *
 *	steps PROGRAM ARGUMENT...
 *
 * The program marks what is counted by sending itself SIGUSR1 at the begin and at the end of each
 * part; a thread is followed from its own mark on, and children that it makes meanwhile with it.
 * Prints the count of each part. Exit status: the program's, 77 if it may not be traced.
 */
#include <signal.h>
#include <stdio.h>
#include <sys/ptrace.h>

#include "stepping.h"

#define TASKS 64
#define OPTIONS \
	(PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC | \
	 PTRACE_O_EXITKILL)

static pid_t stepping[TASKS]; /* 0: free */
static long count;

static pid_t *find(pid_t tid)
{
	int i;

	for (i = 0; i < TASKS; i++)
		if (stepping[i] == tid)
			return &stepping[i];
	return NULL;
}

static void follow(pid_t tid)
{
	pid_t *place = find(0);

	if (place && !find(tid))
		*place = tid;
}

static void leave(pid_t tid)
{
	pid_t *place = find(tid);

	if (place)
		*place = 0;
}

/* The program sent itself the mark. */
static void mark(pid_t tid)
{
	if (!find(tid)) {
		count = 0;
		follow(tid);
		return;
	}
	leave(tid);
	printf("%ld\n", count);
}

/* A stop that is not a signal of the program's: a step, a new child, an exec. Returns what to do. */
static void on_stop(pid_t tid, int status)
{
	unsigned event = status >> 16;
	unsigned long child;
	int sig = WSTOPSIG(status), deliver = 0;

	if (event == PTRACE_EVENT_FORK || event == PTRACE_EVENT_VFORK ||
	    event == PTRACE_EVENT_CLONE) {
		if (find(tid) && !ptrace(PTRACE_GETEVENTMSG, tid, 0, &child))
			follow(child);
	} else if (!event && sig == SIGTRAP && find(tid)) {
		count++;
	} else if (!event && sig == SIGUSR1) {
		mark(tid);
	} else if (!event) {
		deliver = sig;
	}
	ptrace(find(tid) ? PTRACE_SINGLESTEP : PTRACE_CONT, tid, 0, deliver);
}

int main(int argc, char **argv)
{
	pid_t program;

	if (argc < 2)
		return 2;
	program = step_start(argv + 1, OPTIONS);
	return program ? step_through(program, on_stop, leave) : 77;
}
