/* SPDX-License-Identifier: MIT */
/*
 * What a sequence works on: rings, pipes, signals, and the trace of all that the program can see of
 * them.
 */
#ifndef FUZZ_WORLD_H
#define FUZZ_WORLD_H

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>

#include "abi.h"
#include "ops.h"
#include "text.h"

#define NRING	       4
#define NHOME	       8
#define NPIPE	       3 /* the last one is a socket pair */
#define NNOTE	       64
#define NGRAVE	       64
#define MAXLEAK	       16

#define ERRNO_SENTINEL 4321
#define CQE_SENTINEL   ((struct io_uring_cqe *)0x5eed)

/* One ring of the program. */
struct slot {
	struct io_uring *u; /* where its struct lives at the moment */
	bool live;	    /* mapped, so that a call on it does not fault */
	bool fd_closed;	    /* the program closed the fd by itself */
	bool disabled;
	bool dontfork;
	pid_t reg_tid;		/* who registered its fd, 0: nobody */
	bool polls;		/* ever had an SQE on a pipe */
	unsigned flags;		/* that the program asked for */
	unsigned sure;		/* queued SQEs that complete as soon as they are submitted */
	bool unsure;		/* something queued may stop the submit, or wait for others */
	bool drains;		/* a request waited, or waits, for all before it */
	unsigned drained_head;	/* SQ head up to which that was waited for */
	unsigned long short_us; /* the longest queued timeout that is to fire soon */
	unsigned printed;	/* CQ tail up to which completions were traced */
	char last[160];		/* the state as last traced */
	void *mem;		/* the program's own memory for it, if any */
	size_t mem_sz;
	struct abi_reg_wait *region; /* the program's own registered region */
};

/* What is to happen while the next wait sleeps. */
enum arrival { ARRIVE_NONE, ARRIVE_ALARM, ARRIVE_IGNORED, ARRIVE_WRITE, ARRIVE_MSG };

struct world {
	struct slot slot[NRING];
	int pipe[NPIPE][2];
	int grave[NGRAVE]; /* fds that stay open until the end of the sequence */
	unsigned graves;
	int leaked_idx[MAXLEAK]; /* registered ring fds whose ring was closed */
	unsigned leaks;
	int fdbase;			      /* lowest free fd when the sequence began */
	uint64_t ud;			      /* the last user_data given out */
	struct __kernel_timespec note[NNOTE]; /* timespecs that queued SQEs point to */
	char buf[NNOTE][8];
	uint64_t settle_ns; /* nothing is at rest before this time */

	sigset_t mask;	     /* what the running thread's mask must be */
	enum mode_word mode; /* of the SIGUSR1 handler */
	int handler_ring;
	enum arrival arrive;
	int arrive_p;

	const struct prog *prog; /* of the block that a running operation owns */
	size_t block_from, block_to;

	int out;  /* where trace lines go */
	int perf; /* counter of this thread's io_uring_enter calls, or -1 */
	const char *prefix;
	char text[4096];
	size_t at;
};

void world_open(struct world *w, int out);
void world_begin(struct world *w);
void world_end(struct world *w);
void world_run(struct world *w, const struct prog *p, size_t from, size_t to);

/* Adds to the trace line that is being made. */
void say(struct world *w, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void say_end(struct world *w);

/* NULL, and a word in the trace, if no live ring is there. */
struct slot *slot_live(struct world *w, long r);

/* A place for a ring struct that no live ring uses. */
struct io_uring *world_home(struct world *w);

/* The end of that pipe, made at first use: 0 reads, 1 writes. */
int pipe_end(struct world *w, long p, int end);

/* Pending requests of a closed ring die later: let no later request meet them. */
void pipes_renew(struct world *w);

/* op_ring.c */
void slot_clear(struct world *w, struct slot *s);

/* state.c */
void say_rings(struct world *w);
void say_cqe(struct world *w, const struct slot *s, const struct io_uring_cqe *cqe);
void slot_settle(struct world *w, struct slot *s);
void world_settle(struct world *w);

/* Ends a chain that the next submit would cut: the kernel gives such a rest to a worker thread. */
void chain_end(struct slot *s);

/* signal side, op_signal.c */
void signals_open(void);
void signals_begin(struct world *w);
void say_signals(struct world *w);
void arrival_start(struct world *w);
void arrival_stop(struct world *w);
bool arrival_interrupts(struct world *w, const sigset_t *mask);
sigjmp_buf *jump_arm(void);
void jump_disarm(void);

/* clock.c */
uint64_t now_ns(void);
void sleep_until(uint64_t ns);

/* perf.c: how many io_uring_enter calls this thread has made; -1 if that is not known. */
int perf_open(void);
long perf_read(int fd);

#endif
