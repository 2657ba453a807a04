/* SPDX-License-Identifier: MIT */
/*
 * The difference of two histograms.
 *
 * A coin mixed the waits of both variants in one run, so nothing drifts between them. Means are
 * compared, since a user gains a sum of savings. The slowest twentieth of each variant is cut off:
 * interrupts and preemption hit both variants alike, but a single one outweighs ten thousand
 * savings. The interval is a bootstrap's: each bucket is drawn again around its count.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/message.h"
#include "common/statistics.h"
#include "variants.h"

#define SLEPT_NS \
	10000 /* a wait this long has slept: that says something of looking, and of nothing else */
#define KEPT	  0.95
#define RESAMPLES 1000

struct variant {
	double n[HISTOGRAM_BUCKETS];
	double total, slept;
};

static void collect(const struct times *t, enum regwait_variant which, bool looked,
		    struct variant *v)
{
	uint32_t b;

	for (b = 0; b < HISTOGRAM_BUCKETS; b++) {
		if (histogram_start(b) >= SLEPT_NS && !looked) {
			v->slept += t->bucket[which][b];
		} else {
			v->n[b] = t->bucket[which][b];
			v->total += v->n[b];
		}
	}
}

static double middle(unsigned bucket)
{
	return (histogram_start(bucket) + histogram_start(bucket + 1)) / 2.0;
}

/* The mean of the fastest part of these counts. */
static double trimmed_mean(const double *n)
{
	double left = 0, sum = 0, kept;
	unsigned b;

	for (b = 0; b < HISTOGRAM_BUCKETS; b++)
		left += n[b];
	left *= KEPT;
	kept = left;
	for (b = 0; b < HISTOGRAM_BUCKETS && left > 0; b++) {
		double take = n[b] < left ? n[b] : left;

		sum += take * middle(b);
		left -= take;
	}
	return kept > 0 ? sum / kept : 0;
}

/* A random count around n, Poisson-distributed; from 50 on by a normal distribution. */
static double draw(double n, uint64_t *state)
{
	double limit, product;
	int k;

	if (n >= 50) {
		double length = sqrt(-2 * log(random_uniform(state)));
		double z = length * cos(2 * M_PI * random_uniform(state));
		double d = n + sqrt(n) * z;

		return d > 0 ? d : 0;
	}
	limit = exp(-n);
	product = random_uniform(state);
	for (k = 0; product > limit; k++)
		product *= random_uniform(state);
	return k;
}

static double resampled_mean(const struct variant *v, uint64_t *state)
{
	static double n[HISTOGRAM_BUCKETS];
	unsigned b;

	for (b = 0; b < HISTOGRAM_BUCKETS; b++)
		n[b] = v->n[b] ? draw(v->n[b], state) : 0;
	return trimmed_mean(n);
}

/* In the words of compare, and with its margin: a smaller difference does not count. */
static const char *word_for(double saved, double low, double high, double of_plain)
{
	double margin = MARGIN * of_plain;

	if (low > 0 && saved >= margin)
		return "faster";
	if (high < 0 && saved <= -margin)
		return "slower";
	if (low >= -2 * margin && high <= 2 * margin)
		return "no difference";
	return "inconclusive";
}

static void report_difference(struct report *r, const struct variant *reg,
			      const struct variant *plain, bool looked, uint64_t seed)
{
	static double difference[RESAMPLES];
	uint64_t state = random_state(seed);
	double of_reg = trimmed_mean(reg->n), of_plain = trimmed_mean(plain->n);
	double low, high;
	int i;

	for (i = 0; i < RESAMPLES; i++)
		difference[i] = resampled_mean(plain, &state) - resampled_mean(reg, &state);
	qsort(difference, RESAMPLES, sizeof(*difference), by_size);
	low = difference[RESAMPLES / 40];
	high = difference[RESAMPLES - 1 - RESAMPLES / 40];
	report_real(r, "registered_ns", NULL, of_reg, NULL);
	report_real(r, "plain_ns", NULL, of_plain, NULL);
	report_real(r, "saved_ns", "saved", of_plain - of_reg, "ns per wait");
	report_real(r, "saved_low_ns", "  at least", low, "ns (95 %)");
	report_real(r, "saved_high_ns", "  at most", high, "ns (95 %)");
	report_string(r, "verdict", looked ? "looking is" : "registered is",
		      word_for(of_plain - of_reg, low, high, of_plain));
	report_integer(r, "bootstrap_seed", "bootstrap seed", seed, NULL);
}

static void report_variant(struct report *r, const char *key, const char *label, bool looked,
			   const struct variant *v)
{
	char note[64];

	snprintf(note, sizeof(note), "waits%s, %.4g ns each", looked ? "" : " that did not sleep",
		 trimmed_mean(v->n));
	report_integer(r, key, label, v->total, note);
}

void variants_report(struct report *r, const struct times *t, bool looked, uint64_t seed)
{
	struct variant *reg = must(calloc(1, sizeof(*reg)));
	struct variant *plain = must(calloc(1, sizeof(*plain)));

	collect(t, VARIANT_REGISTERED, looked, reg);
	collect(t, VARIANT_PLAIN, looked, plain);
	report_variant(r, "registered_waits", looked ? "looking first" : "registered", looked, reg);
	report_variant(r, "plain_waits", "plain", looked, plain);
	if (!looked)
		report_integer(r, "slept", "slept", reg->slept + plain->slept,
			       "waits of 10 us or more, kept apart");
	if (reg->total >= 100 && plain->total >= 100)
		report_difference(r, reg, plain, looked, seed);
	else
		report_none(r, "saved_ns", "saved", "too few waits to tell");
	free(reg);
	free(plain);
}
