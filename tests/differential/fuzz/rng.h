/* SPDX-License-Identifier: MIT */
/* splitmix64: a seed gives the same numbers on every machine and in every libc. */
#ifndef FUZZ_RNG_H
#define FUZZ_RNG_H

#include <stdint.h>

struct rng {
	uint64_t s;
};

static inline uint64_t rng_next(struct rng *g)
{
	uint64_t z = (g->s += 0x9e3779b97f4a7c15ull);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
	return z ^ (z >> 31);
}

static inline unsigned rng_below(struct rng *g, unsigned n)
{
	return (rng_next(g) >> 32) % n;
}

/* True once in n times. */
static inline bool rng_once(struct rng *g, unsigned n)
{
	return !rng_below(g, n);
}

#endif
