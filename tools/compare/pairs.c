/* SPDX-License-Identifier: MIT */
/*
 * Ratios of paired measurements: their median, its intervals, and what they prove.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/message.h"
#include "common/statistics.h"
#include "pairs.h"

#define RESAMPLES 2000
#define FEWEST	  8 /* pairs: with fewer, nothing is concluded */

void pairs_add(struct pairs *p, double off, double on)
{
	p->off = must(realloc(p->off, (p->nr + 1) * sizeof(*p->off)));
	p->on = must(realloc(p->on, (p->nr + 1) * sizeof(*p->on)));
	p->off[p->nr] = off;
	p->on[p->nr++] = on;
}

void pairs_free(struct pairs *p)
{
	free(p->off);
	free(p->on);
	memset(p, 0, sizeof(*p));
}

/* The interval of the median, by drawing the ratios anew with replacement. */
static void bootstrap(const double *ratios, size_t nr, uint64_t seed, struct pair_summary *s)
{
	double *drawn = must(malloc(nr * sizeof(*drawn)));
	double *medians = must(malloc(RESAMPLES * sizeof(*medians)));
	uint64_t state = random_state(seed);
	size_t i, j;

	for (i = 0; i < RESAMPLES; i++) {
		for (j = 0; j < nr; j++)
			drawn[j] = ratios[(size_t)(random_uniform(&state) * nr)];
		medians[i] = quantile(drawn, nr, 0.5);
	}
	s->low = quantile(medians, RESAMPLES, 0.025);
	s->high = quantile(medians, RESAMPLES, 0.975);
	free(medians);
	free(drawn);
}

/*
 * The narrowest pair of order statistics that leave out at most 0.5 % on each side:
 * exact whatever the distribution. Below eight pairs there is none. With 2.5 % a program
 * that is compared with itself would be called faster or slower once in twenty times.
 */
static void order_statistics(const double *sorted, size_t nr, struct pair_summary *s)
{
	double probability = pow(0.5, nr), below = probability;
	size_t k = 0;

	s->sure_low = 0;
	s->sure_high = INFINITY;
	if (nr < FEWEST)
		return;
	while (below <= 0.005) {
		k++;
		probability *= (double)(nr - k + 1) / k;
		below += probability;
	}
	s->sure_low = sorted[k - 1];
	s->sure_high = sorted[nr - k];
}

static void find_fences(const double *sorted, size_t nr, struct pair_summary *s)
{
	double q1 = sorted_quantile(sorted, nr, 0.25), q3 = sorted_quantile(sorted, nr, 0.75);
	size_t i;

	s->fence_low = q1 - 1.5 * (q3 - q1);
	s->fence_high = q3 + 1.5 * (q3 - q1);
	for (i = 0; i < nr; i++)
		s->outliers += sorted[i] < s->fence_low || sorted[i] > s->fence_high;
}

double pairs_ratio(const struct pairs *p, size_t i)
{
	double good = p->larger_is_better ? p->off[i] : p->on[i];
	double bad = p->larger_is_better ? p->on[i] : p->off[i];

	return good > 0 ? bad / good : 1;
}

/* The outlier is the value that is further from the median of its own variant. */
bool pairs_outlier(const struct pairs *p, const struct pair_summary *s, size_t i,
		   struct outlier *found)
{
	double ratio = pairs_ratio(p, i);
	bool off;

	if (ratio >= s->fence_low && ratio <= s->fence_high)
		return false;
	off = fabs(p->off[i] - s->off) * s->on > fabs(p->on[i] - s->on) * s->off;
	*found = (struct outlier){
		.pair = i + 1,
		.variant = off ? "off" : "on",
		.value = off ? p->off[i] : p->on[i],
		.ratio = ratio,
	};
	return true;
}

struct pair_summary pairs_summary(const struct pairs *p, uint64_t seed)
{
	double *ratios = must(malloc(p->nr * sizeof(*ratios)));
	struct pair_summary s = { 0 };
	size_t i;

	for (i = 0; i < p->nr; i++)
		ratios[i] = pairs_ratio(p, i);
	s.off = quantile(p->off, p->nr, 0.5);
	s.on = quantile(p->on, p->nr, 0.5);
	s.ratio = quantile(ratios, p->nr, 0.5);
	if (s.off > 0)
		s.noise = (quantile(p->off, p->nr, 0.75) - quantile(p->off, p->nr, 0.25)) / s.off;
	bootstrap(ratios, p->nr, seed, &s);
	qsort(ratios, p->nr, sizeof(*ratios), by_size);
	order_statistics(ratios, p->nr, &s);
	find_fences(ratios, p->nr, &s);
	free(ratios);
	return s;
}

/*
 * The bootstrap interval of few pairs is too narrow. So a difference must show in both intervals,
 * and be large enough to count.
 */
enum difference pairs_difference(const struct pair_summary *s)
{
	double low = fmin(s->low, s->sure_low), high = fmax(s->high, s->sure_high);

	if (low > 1 && s->ratio >= 1 + MARGIN)
		return FASTER;
	if (high < 1 && s->ratio <= 1 - MARGIN)
		return SLOWER;
	if (s->low >= 1 - 2 * MARGIN && s->high <= 1 + 2 * MARGIN && s->sure_low > 0)
		return NO_DIFFERENCE;
	return INCONCLUSIVE;
}

size_t pairs_missing(const struct pair_summary *s, size_t nr)
{
	double half = (s->high - s->low) / 2, needed;

	if (nr < FEWEST)
		return FEWEST - nr;
	needed = nr * pow(half / MARGIN, 2) - nr;
	return needed < 1 ? 1 : needed > 100000 ? 100000 : (size_t)needed;
}
