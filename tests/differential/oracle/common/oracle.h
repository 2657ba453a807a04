/* SPDX-License-Identifier: MIT */
/*
 * The oracle: plain liburing programs that say everything a program can see
 * of its waits and rings, one line per call, so that two runs of the same
 * program can be compared with diff.
 */
#ifndef ORACLE_H
#define ORACLE_H

#include <errno.h>
#include <liburing.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* liburing 2.4 was the first release whose headers know their own version. */
#ifdef IO_URING_VERSION_MAJOR
#define LIBURING_AT_LEAST(minor) (IO_URING_VERSION_MAJOR > 2 || IO_URING_VERSION_MINOR >= (minor))
#else
#define LIBURING_AT_LEAST(minor) ((minor) <= 3)
#endif

/*
 * The times that are waited for, in milliseconds before ORACLE_SLACK. They are
 * spaced so that each falls in the middle of a class of its own.
 */
#define ARRIVE_MS   5
#define MIN_WAIT_MS 10
#define T_MS	    30

/* Of int_flags: what REGWAIT_IOWAIT=off may set, which is all that a program sees of it. */
#define IOWAIT_MARKS 0x88

/* user_data says where a completion came from. */
enum { UD_READY = 100, UD_NOP = 200, UD_STUCK = 300, UD_LATE = 400, UD_BAD = 500 };

struct scenario {
	const char *name;
	void (*run)(void);
};

/* Each program has one table, ended by a scenario without a name. */
extern const struct scenario scenarios[];

/* ---- main.c: running ---------------------------------------------- */

extern const char *running; /* the name of the scenario */

/* The end of a pipe that nobody writes to, so that reading it never ends. */
extern int stuck_pipe[2];

double slack(void);
struct __kernel_timespec after_ms(double ms);
void sleep_ms(double ms);

/* Prints one line under the name of the running scenario. */
void say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Says why a case cannot be shown here; both sides of a comparison say it. */
void skip(const char *what, const char *why);

/* Ends the scenario if a step that is not under test has failed. */
void must(int ret, const char *what);

/* ---- clock.c: time ---------------------------------------------------------- */

struct stopwatch {
	struct timespec since;
	double delayed_ms;
};

void start_clock(struct stopwatch *watch);
const char *elapsed(const struct stopwatch *watch); /* as one of a few words */

/* ---- see.c: looking ------------------------------------------------ */

struct ring_state {
	unsigned sqe_head, sqe_tail, sq_khead, sq_ktail, cq_head, cq_tail;
};

/* What was there before a call, to be compared with what is there after it. */
struct sight {
	struct io_uring *ring;
	struct ring_state before;
	struct io_uring_cqe *cqe; /* hand its address to the call */
	struct stopwatch watch;
	bool no_clock;	   /* the time of this call is not printed */
	bool coarse_clock; /* ... only whether it is near T or not */
	char name[120];
};

const char *errname(int ret);

/*
 * Makes a system call that is sure to fail and changes nothing, so that a log of
 * strace shows which case begins; an empty name ends one, "scenario/" begins a scenario.
 */
void mark(const char *name);

void look(struct sight *s, struct io_uring *ring, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void tell(struct sight *s, int ret);

/* The same with a last word: "...: ret=... last word" */
void tell_more(struct sight *s, int ret, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Everything in the CQ, in order, as user_data:res:flags. */
const char *cq_content(struct io_uring *ring);

/* ---- ring.c: making and feeding rings -------------------------------- */

struct io_uring_sqe *next_sqe(struct io_uring *ring, unsigned user_data);
void put_nops(struct io_uring *ring, unsigned nr, unsigned user_data);
void put_stuck(struct io_uring *ring, unsigned user_data);

/* Submits NOPs and comes back when their completions are visible. */
void complete_nops(struct io_uring *ring, unsigned nr, unsigned user_data);

/* Makes nr completions arrive ms milliseconds from now. */
void arrive_later(struct io_uring *ring, unsigned nr, double ms);

void drain(struct io_uring *ring);
/* Waits until an SQPOLL thread has taken all; and sleeps, if sqpoll_sleeps. */
void settle(struct io_uring *ring);
extern bool sqpoll_sleeps;

void make_ring(struct io_uring *ring, unsigned entries, unsigned flags);

/*
 * By io_uring_setup and io_uring_queue_mmap, as programs do that are older than the first. The
 * second fills in what io_uring_queue_init does; the first, as it comes.
 */
struct io_uring_params map_ring_by_hand(struct io_uring *ring, unsigned entries, unsigned flags);
void make_ring_by_hand(struct io_uring *ring, unsigned entries, unsigned flags);

int enable_ring(struct io_uring *ring);

/* Reads the pipe of the scenario empty and writes one byte to it: stuck ends. */
void unstick(void);

/* ---- ask.c: questions ------------------------------------------------ */

enum call { WAIT_CQE_TIMEOUT, WAIT_CQES, SAW_TIMEOUT, WAIT_CQES_MIN, SAW_MIN, NR_CALLS };
enum work { NOTHING, ONE_NOP, ONE_STUCK, BATCH, SHORT, NR_WORK };
enum limit { ZERO, ONE_NS, T, LONG, NEG_SEC, NEG_NSEC, BIG_NSEC, FOREVER, NONE, BAD, NR_LIMITS };

#define ALL_CALLS   ((1u << NR_CALLS) - 1)
#define BAD_POINTER ((void *)8)

struct question {
	enum call call;
	unsigned ready; /* completions that are there already */
	unsigned nr;	/* how many to wait for */
	enum work work; /* what lies unsubmitted in the SQ */
	enum limit limit;
	bool min_wait;
	sigset_t *sigmask;
	bool no_late; /* nothing can arrive on this ring: no endless waits */
};

extern const char *const call_names[NR_CALLS];
extern const char *const work_names[NR_WORK];
extern const char *const limit_names[NR_LIMITS];

/* liburing 2.3 has no *_min_timeout. */
bool has_call(enum call call);
bool has_sigmask(enum call call);
bool submits(enum call call);

/* Brings the ring into the state that the question describes, and looks at it. */
void prepare(struct sight *s, struct io_uring *ring, const struct question *q, const char *prefix);
int ask(struct sight *s, const struct question *q);

/* prepare, ask and tell */
void put_question(struct io_uring *ring, const struct question *q, const char *prefix);

/* What is asked before and after something: T, nothing comes; zero; one NOP, which comes. */
extern const struct question short_wait, poll_now, submit_one;

/* All three; then nothing is left in the CQ. */
void three_questions(struct io_uring *ring, const char *prefix);

/* A dozen questions for each call, each to a new ring made by make(). */
void exam(const char *prefix, void (*make)(struct io_uring *), unsigned calls, bool no_late);

#endif
