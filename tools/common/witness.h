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

/* Starts it, if that has not been done yet. All signals must be blocked. */
void witness_start(void);

/* Its end of a socket, which must stay open; -1: there is none. */
int witness_fd(void);

/* Did it get this signal, by kill(2) from this process? It forgets what it got of this signal. */
bool witness_saw(int sig, pid_t sender);

/* Is called so from now on, and has no command line any more: for processes that help us. */
void hide_name(const char *name);

#endif
