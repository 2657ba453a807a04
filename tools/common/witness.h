/* SPDX-License-Identifier: MIT */
/*
 * Tells whether a signal was sent to us alone, or to our whole process group. In the second case
 * the program has got it already, and must not get it twice: timeout(1), a shell's kill and systemd
 * send to the group or to each of its processes.
 *
 * The kernel does not tell. So the group has one more process, the witness, in which all signals
 * are blocked. It looks whether it was sent the same signal by the same sender.
 */
#ifndef REGWAIT_WITNESS_H
#define REGWAIT_WITNESS_H

#include <stdbool.h>
#include <sys/types.h>

/* Starts the witness, unless there is one. All signals must be blocked. */
void witness_start(void);

/* Our end of the socket to the witness, which must stay open; -1: there is none. */
int witness_fd(void);

/* Did the witness get this signal, by kill(2) from this process? It then forgets the signal. */
bool witness_saw(int sig, pid_t sender);

/* Gives the calling process this name and no command line: for processes that help us. */
void hide_name(const char *name);

#endif
