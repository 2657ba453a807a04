/* SPDX-License-Identifier: MIT */
/*
 * What the soak scenarios share: checks, clocks, a ring with one completion in
 * flight at a time, and the measure of what a process holds.
 */
#ifndef SOAK_H
#define SOAK_H

#include <liburing.h>
#include <stdbool.h>
#include <stdint.h>

/* One round of a scenario; size is how large to make it (1 is the smallest). */
typedef void round_fn(int size);

round_fn round_shared, round_shortlived, round_destructor, round_churn;
round_fn round_cancel_deferred, round_cancel_async, round_cancel_early, round_exit_in_handler;
round_fn round_jump, round_handler, round_handler_start, round_restart, round_stop;
round_fn round_fork, round_clone, round_clone_vm, round_chain, round_vfork, round_spawn;
round_fn round_many, round_memlock, round_memlock_workers;
round_fn round_endings, round_bare;

/* What a child that was started with exec does, by name; -1: no such name. */
int child_main(const char *name);
/* The part of it that is about endings. */
int child_ending(const char *name);
/* Starts this very program as such a child; its process id. */
int child_start(const char *name);

extern const char *self; /* path of this program */

/* Notes a failure, which makes the program exit with 1; goes on. */
void fail(const char *file, int line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
bool failed(void);

#define CHECK(ok, ...) \
	do { \
		if (!(ok)) \
			fail(__FILE__, __LINE__, __VA_ARGS__); \
	} while (0)

/* The same for what the scenario cannot go on without. */
#define NEED(ok, ...) \
	do { \
		if (!(ok)) { \
			fail(__FILE__, __LINE__, __VA_ARGS__); \
			_exit(1); \
		} \
	} while (0)

/* How late, in microseconds, a wait may come back: on a loaded machine, and under a sanitizer. */
#define LATE (sanitized() ? 60 * 1000000LL : 20 * 1000000LL)

bool sanitized(void); /* SOAK_SANITIZED is set */

/*
 * Starts what names functions for ThreadSanitizer, a process of its own with two descriptors under
 * clang, which would else be started by the first race that is suppressed, whenever that comes.
 */
void sanitizer_settle(void);

int64_t now_us(void);
void sleep_us(int64_t us);
struct __kernel_timespec timespec_of(int64_t us);
unsigned random_below(unsigned *seed, unsigned n);

/* Until *flag is not zero; without sleep, so as to meet another thread's next steps. */
void spin_until(int *flag);

void ring_make(struct io_uring *ring, unsigned entries, unsigned flags);
void ring_end(struct io_uring *ring);
/* Without liburing, as some programs do it. */
void ring_end_by_hand(struct io_uring *ring);

/* Submits one NOP, without a wait. The caller owns the ring's SQ. */
void nop_submit(struct io_uring *ring, uint64_t user_data);

/* Submits a NOP, waits for it with a timeout, and checks what came. The ring is ours alone. */
void nop_round_trip(struct io_uring *ring, uint64_t user_data);

/* A timed wait on a ring where nothing comes: -ETIME, not early, not absurdly late. */
void idle_wait(struct io_uring *ring, int64_t us);

/* Checks a wait that took from start until now and returned ret, if it says "time is up". */
void check_expired(int64_t start, int64_t us, int ret);

/*
 * As many threads as may hold a slot with the default options wait at the same
 * time; the driver then looks whether one of them found none.
 */
void census(void);

struct holdings {
	long fds, maps, rss_kb;
};

void holdings_now(struct holdings *h);

#endif
