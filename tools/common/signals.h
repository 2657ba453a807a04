/* SPDX-License-Identifier: MIT */
/*
 * All 64 signals of the kernel. libc reserves two for itself: its functions neither block nor reset
 * these, and so could not pass one on to a program.
 */
#ifndef REGWAIT_SIGNALS_H
#define REGWAIT_SIGNALS_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

typedef uint64_t signal_set;

#define ALL_SIGNALS	(~(signal_set)0)
#define SIGNAL_BIT(sig) ((signal_set)1 << ((sig)-1))

/* Blocks these signals and no others. Returns what was blocked before. */
signal_set signals_block_only(signal_set set);

/*
 * Takes one of these signals, which are blocked, out of the queue. Waits for one; timeout: not
 * longer than this, or NULL. Returns its number; 0: there was none.
 */
int signals_take(signal_set set, siginfo_t *info, const struct timespec *timeout);

/* Sets SIG_DFL or SIG_IGN. Returns whether the signal was ignored before. */
bool signals_ignore(int sig, bool ignore);

/* Is the signal ignored? Changes nothing. */
bool signals_ignored(int sig);

/* Ends this process by a signal, without a core. Returns if the signal does not end it. */
void signals_die(int sig);

#endif
