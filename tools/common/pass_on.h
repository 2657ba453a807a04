/* SPDX-License-Identifier: MIT */
/*
 * Passes signals from whoever started us to the program that we started.
 */
#ifndef REGWAIT_PASS_ON_H
#define REGWAIT_PASS_ON_H

#include "signals.h"

/* A signal was sent to us: the program gets it, unless it has got it already. */
void pass_on(pid_t program, int sig, const siginfo_t *info);

/* The program was stopped: we stop as well, so that a shell sees it; until it goes on. */
void pass_on_stop(pid_t program, int sig);

/* Only notes that it came. */
void pass_on_note(int sig);

/* Has one of these come? */
bool pass_on_told_to_stop(signal_set set);

#endif
