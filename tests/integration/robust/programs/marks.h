/* SPDX-License-Identifier: MIT */
/*
 * What a program agrees on with interrupt.c: SIGUSR1 to itself begins and ends a part; in each part
 * that another one follows, SIGUSR2 comes once, one instruction later each time.
 */
#ifndef ROBUST_MARKS_H
#define ROBUST_MARKS_H

#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

static volatile sig_atomic_t interrupted;

static inline void mark(void)
{
	raise(SIGUSR1);
}

/* Each part has five seconds: what hangs is ended by SIGALRM. */
static inline void new_part(void)
{
	interrupted = 0;
	alarm(5);
}

static inline void on_interrupt(void (*handler)(int))
{
	struct sigaction action = { .sa_handler = handler };

	sigaction(SIGUSR2, &action, NULL);
	/* Where nobody traces us, the mark is nothing. */
	signal(SIGUSR1, SIG_IGN);
}

#endif
