/* SPDX-License-Identifier: MIT */
/*
 * Rings that are made and entered by bare system calls: no struct io_uring comes with the wait,
 * so only the descriptor says which ring it is.
 */
#ifndef ORACLE_BARE_H
#define ORACLE_BARE_H

#include "oracle.h"

#define TIMED (IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG)

/*
 * How calls are made: by liburing's name, by libc's syscall(), or by an instruction, which no
 * library sees.
 */
enum entry { LIBURING, LIBC, HIDDEN };

/* How enter() calls, and whoever uses it. */
extern enum entry entry;

/* A system call that no library can see. Returns a negative errno. */
long hidden_call(long nr, long a, long b, long c, long d, long e, long f);

/* A ring of four entries. */
void make_bare(struct io_uring *ring, enum entry how);
void unmap(struct io_uring *ring);

/* Returns a negative errno, whatever the entry point. */
int enter(int fd, unsigned submit, unsigned wait, unsigned flags,
	  struct io_uring_getevents_arg *arg);

/* Submits what lies in the SQ, waits with a timeout, and prints what came of it. */
void timed_enter(struct io_uring *ring, int fd, const char *what, unsigned wait, double ms,
		 unsigned flags);

/*
 * Three waits, none of which may end early or late: one that submits one NOP and waits for two,
 * whose failure would be swallowed; one that finds what it waits for; one that only waits.
 */
void try_ring(struct io_uring *ring, int fd, const char *what);

#endif
