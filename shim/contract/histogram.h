/* SPDX-License-Identifier: MIT */
/*
 * Times of waits under REGWAIT=ab and aa, which each thread keeps for each variant: a log-linear
 * histogram of nanoseconds with 64 buckets for each power of two, so that a bucket is at most 1.6 %
 * wide. One thread writes, and there is no lock.
 */
#ifndef REGWAIT_CONTRACT_HISTOGRAM_H
#define REGWAIT_CONTRACT_HISTOGRAM_H

#include <stdint.h>

#define HISTOGRAM_SUB_BITS 6
#define HISTOGRAM_MAX_BITS 30 /* about a second; longer times count as the longest */
#define HISTOGRAM_BUCKETS  ((HISTOGRAM_MAX_BITS - HISTOGRAM_SUB_BITS + 1) << HISTOGRAM_SUB_BITS)

enum regwait_variant { VARIANT_REGISTERED, VARIANT_PLAIN, VARIANT_END };

struct regwait_histogram {
	uint32_t bucket[HISTOGRAM_BUCKETS];
};

struct regwait_variants {
	struct regwait_histogram variant[VARIANT_END];
} __attribute__((aligned(128)));

/* The bucket of a time. Each of the first 64 buckets stands for one nanosecond. */
static inline unsigned histogram_bucket(uint64_t ns)
{
	unsigned bits;

	if (ns >> HISTOGRAM_MAX_BITS)
		return HISTOGRAM_BUCKETS - 1;
	if (ns < 1u << HISTOGRAM_SUB_BITS)
		return ns;
	bits = 63 - __builtin_clzll(ns);
	return ((bits - HISTOGRAM_SUB_BITS) << HISTOGRAM_SUB_BITS) +
	       (unsigned)(ns >> (bits - HISTOGRAM_SUB_BITS));
}

/* The shortest time that falls into the bucket, in nanoseconds. */
static inline uint64_t histogram_start(unsigned bucket)
{
	unsigned shift;

	if (bucket < 2u << HISTOGRAM_SUB_BITS)
		return bucket;
	shift = (bucket >> HISTOGRAM_SUB_BITS) - 1;
	return (uint64_t)((bucket & ((1u << HISTOGRAM_SUB_BITS) - 1)) + (1u << HISTOGRAM_SUB_BITS))
	       << shift;
}

#endif
