/* SPDX-License-Identifier: MIT */
/*
 * Measures whether a refill of the return predictor pays, and remembers the answer.
 */
#include <stdlib.h>
#include <time.h>

#include "base/config.h"
#include "base/log.h"
#include "process/return.h"

bool return_refills_;

static struct regwait_returning chosen;
static bool chosen_is_there; /* set after it */

#define CLEAR_NS   10 /* of each call, or a refill is not worth it */
#define CLEAR_PART 10 /* and a tenth of it */

static int by_size(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

/*
 * A block that was interrupted says nothing about the others: so medians, and all rounds but
 * one must say the same.
 */
bool return_judge(int plain[RETURN_ROUNDS], int refilled[RETURN_ROUNDS],
		  struct regwait_returning *r)
{
	int saved[RETURN_ROUNDS], i, clear;

	for (i = 0; i < RETURN_ROUNDS; i++)
		saved[i] = plain[i] - refilled[i];
	qsort(plain, RETURN_ROUNDS, sizeof(int), by_size);
	qsort(refilled, RETURN_ROUNDS, sizeof(int), by_size);
	qsort(saved, RETURN_ROUNDS, sizeof(int), by_size);
	r->plain_ns = plain[RETURN_ROUNDS / 2] / RETURN_CALLS;
	r->refill_ns = refilled[RETURN_ROUNDS / 2] / RETURN_CALLS;
	clear = plain[RETURN_ROUNDS / 2] / CLEAR_PART;
	return saved[1] > clear && saved[1] > CLEAR_NS * RETURN_CALLS;
}

#if ARCH_HAS_RETURN_REFILL

#define BUDGET_NS 80000 /* no round begins later; one takes 10000 where all is slow */

/* A system call that does nothing, and that we make anyway when a ring is made (kernel.h). */
static inline __attribute__((always_inline)) void call_kernel(void)
{
	kernel_call(SYS_rt_sigprocmask, 0, 0, 0, KERNEL_SIGSET_SIZE, 0, 0);
}

static __attribute__((noinline)) void call_plain(void)
{
	call_kernel();
	__asm__ volatile("" : : : "memory");
}

static __attribute__((noinline)) void call_refilled(void)
{
	call_kernel();
	return_refill();
	__asm__ volatile("" : : : "memory"); /* so that the above is no jump */
}

static int64_t now_ns(void)
{
	struct timespec t = { 0 };

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* How long a block takes, ns. */
static int time_block(void (*call)(void))
{
	int64_t start = now_ns();
	int i;

	for (i = 0; i < RETURN_CALLS; i++)
		call();
	return now_ns() - start;
}

/* Where time is short (a debugger looks on), nothing is proven. */
static bool refill_is_better(void)
{
	static int plain[RETURN_ROUNDS], refilled[RETURN_ROUNDS]; /* of one thread, once */
	int i;
	int64_t start = now_ns();

	for (i = -1; i < RETURN_ROUNDS; i++) {
		int n = i < 0 ? 0 : i;

		if (now_ns() - start > BUDGET_NS)
			return false;
		plain[n] = time_block(call_plain);
		refilled[n] = time_block(call_refilled);
	}
	return return_judge(plain, refilled, &chosen);
}

static bool choose(void)
{
	return config.returning != RETURN_PLAIN && !arch_has_shadow_stack() &&
	       (refill_is_better() || config.returning == RETURN_REFILL);
}

#else

static bool choose(void)
{
	return false;
}

#endif

static void choose_once(void)
{
	int saved = errno;

	chosen.refills = choose();
	errno = saved;
	__atomic_store_n(&return_refills_, chosen.refills, __ATOMIC_RELAXED);
	log_info("waits return %s: a system call took %u ns plain, %u ns with a refill of the "
		 "return predictor",
		 chosen.refills ? "with a refill" : "plain", chosen.plain_ns, chosen.refill_ns);
}

void return_choose(void)
{
	static int begun;

	if (__atomic_load_n(&begun, __ATOMIC_RELAXED) ||
	    __atomic_exchange_n(&begun, 1, __ATOMIC_RELAXED))
		return;
	choose_once();
	__atomic_store_n(&chosen_is_there, true, __ATOMIC_RELEASE);
}

void return_tell(struct process *p)
{
	if (__atomic_load_n(&chosen_is_there, __ATOMIC_ACQUIRE))
		p->stats_page->returning = chosen;
}
