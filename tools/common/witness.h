/* SPDX-License-Identifier: MIT */
/*
 * Tells whether a signal was sent to us alone, or to all of our process group. Then the program
 * has got it already, and must not get it twice: timeout(1), a shell's kill and systemd send to
 * the group or to each of its processes.
 *
 * The kernel does not say which it was. So one more process of the group, which has all signals
 * blocked, looks whether it was sent the same one by the same sender.
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
