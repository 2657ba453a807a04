/* SPDX-License-Identifier: MIT */
/*
 * Passes signals from whoever started us to the program that we started.
 */
#ifndef REGWAIT_PASS_ON_H
#define REGWAIT_PASS_ON_H

#include "signals.h"

/* A signal was sent to us: sends it to the program, unless the program has got it already. */
void pass_on(pid_t program, int sig, const siginfo_t *info);

/* The program was stopped: we stop as well, so that a shell sees it, until the program goes on. */
void pass_on_stop(pid_t program, int sig);

/* Notes that the signal came, and no more. */
void pass_on_note(int sig);

/* Has one of these signals come? */
bool pass_on_told_to_stop(signal_set set);

#endif
