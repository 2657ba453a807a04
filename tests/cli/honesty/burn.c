/* SPDX-License-Identifier: MIT */
/*
 * A library whose effect is known: this file, linked with the shim's own objects, comes before two
 * of their functions (ld --wrap). It sees how the coin fell, and makes each wait of the plain variant
 * slower by HONESTY_BURN_NS, to about two of them: what a few instructions cost depends on those
 * around them. The shim that users get has nothing of it.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "coin.h"
#include "plain.h"

/* Nothing behind it begins before all that is before it has ended; a multiplication that is slow. */
#if defined(__x86_64__)
#define BARRIER	 "lfence"
#define MULTIPLY "imul %0, %0"
#elif defined(__aarch64__)
#define BARRIER	 "isb"
#define MULTIPLY "mul %0, %0, %0"
#else
#error "the chain below is not written for this processor"
#endif

#define CHAIN	2047 /* the longest value */
#define BATCHES 301
#define BATCH	400

enum regwait_variant __real_coin_toss(void);
int __real_wait_plain(const struct wait *w, const struct next *next);
enum regwait_variant __wrap_coin_toss(void);
int __wrap_wait_plain(const struct wait *w, const struct next *next);

static unsigned links;
static __thread int shall_burn;

/* clang-format off */
#define LINKS(nr) \
	if (n & (nr)) \
		__asm__ volatile(".rept " #nr "\n\t" MULTIPLY "\n\t.endr" : "+r" (x) : : "cc")
/* clang-format on */

/*
 * A chain of n multiplications, each of which needs the result of the one before. Its branches go
 * the same way every time, so that none is predicted wrongly, and nothing before or after it is
 * executed at the same time.
 */
static __attribute__((noinline)) void burn(unsigned n)
{
	uint64_t x = 3;

	__asm__ volatile(BARRIER);
	LINKS(1);
	LINKS(2);
	LINKS(4);
	LINKS(8);
	LINKS(16);
	LINKS(32);
	LINKS(64);
	LINKS(128);
	LINKS(256);
	LINKS(512);
	LINKS(1024);
	__asm__ volatile(BARRIER : : "r"(x));
}

static double now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e9 + t.tv_nsec;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* What one multiplication takes: the median of many batches. */
static double cost(unsigned n)
{
	static double took[BATCHES];
	unsigned i, j;

	for (i = 0; i < BATCHES; i++) {
		double start = now_ns();

		for (j = 0; j < BATCH; j++)
			burn(n);
		took[i] = (now_ns() - start) / BATCH;
	}
	qsort(took, BATCHES, sizeof(*took), by_size);
	return took[BATCHES / 2];
}

static __attribute__((constructor)) void calibrate(void)
{
	const char *wanted = getenv("HONESTY_BURN_NS");
	double ns, none, each;

	if (!wanted)
		return;
	/* Also to burn nothing: two programs that must run side by side have to start together. */
	none = cost(1);
	each = (cost(401) - none) / 400;
	ns = atof(wanted);
	if (ns > 0)
		links = ns > none ? 1 + (ns - none) / each : 1;
	if (links > CHAIN)
		links = CHAIN;
}

enum regwait_variant __wrap_coin_toss(void)
{
	enum regwait_variant variant = __real_coin_toss();

	shall_burn = variant == VARIANT_PLAIN && links;
	return variant;
}

/* liburing's functions may call each other, and so come here again within one wait. */
int __wrap_wait_plain(const struct wait *w, const struct next *next)
{
	if (shall_burn) {
		shall_burn = 0;
		burn(links);
	}
	return __real_wait_plain(w, next);
}
