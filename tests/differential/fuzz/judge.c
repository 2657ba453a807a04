/* SPDX-License-Identifier: MIT */
/* Tells a difference from noise by repetition: see judge.h. */
#include <stdint.h>
#include <string.h>

#include "judge.h"

#define FEW   3	 /* after this many rounds, both do the same */
#define MOST  12 /* rounds after which it is decided */
#define OFTEN 4	 /* of these: more than chance */

/* Cuts a trace down to what the last seed, or the last world of a text, has printed. */
static void keep_last(struct trace *t, bool seeds)
{
	char *at = t->text, *last = t->text, *next;

	while ((next = strstr(at, seeds ? "# seed " : "\nreset ->"))) {
		last = next;
		at = next + 1;
	}
	if (last == t->text)
		return;
	t->len -= last - t->text;
	memmove(t->text, last, t->len + 1);
}

/* One after the other: two at once would disturb each other's clocks. */
static void run_round(const struct setup *s, const struct subject *sub, bool only_last,
		      struct trace t[VARIANTS])
{
	for (int variant = 0; variant < VARIANTS; variant++) {
		run_one(s, sub, variant, &t[variant]);
		if (only_last)
			keep_last(&t[variant], !sub->text);
	}
}

/* The different traces that one variant has printed so far. */
struct seen {
	uint64_t hash[MOST];
	unsigned times[MOST], nr;
};

static uint64_t hash_trace(const struct trace *t)
{
	uint64_t h = 0xcbf29ce484222325ull ^ (unsigned)t->status;

	for (size_t i = 0; i < t->len; i++)
		h = (h ^ (unsigned char)t->text[i]) * 0x100000001b3ull;
	return h;
}

static void remember(struct seen *s, uint64_t hash)
{
	unsigned i = 0;

	while (i < s->nr && s->hash[i] != hash)
		i++;
	if (i == s->nr)
		s->hash[s->nr++] = hash;
	s->times[i]++;
}

static bool disjoint(const struct seen *a, const struct seen *b)
{
	for (unsigned i = 0; i < a->nr; i++) {
		for (unsigned k = 0; k < b->nr; k++) {
			if (a->hash[i] == b->hash[k])
				return false;
		}
	}
	return true;
}

static unsigned rarer(const struct seen *s, unsigned rounds)
{
	unsigned most = 0;

	for (unsigned i = 0; i < s->nr; i++)
		most = s->times[i] > most ? s->times[i] : most;
	return rounds - most;
}

enum outcome judge(const struct setup *s, const struct subject *sub, bool only_last)
{
	struct seen seen[VARIANTS] = { 0 };
	struct trace t[VARIANTS];

	for (int round = 1; round <= MOST; round++) {
		bool apart, steady;

		run_round(s, sub, only_last, t);
		for (int variant = 0; variant < VARIANTS; variant++) {
			remember(&seen[variant], hash_trace(&t[variant]));
			trace_free(&t[variant]);
		}
		apart = disjoint(&seen[PLAIN], &seen[SHIM]);
		steady = seen[PLAIN].nr == 1 && seen[SHIM].nr == 1;
		if (round >= FEW && steady && !apart)
			return SAME;
		if (round >= 2 * FEW && steady && apart)
			return DIFFERENT;
	}
	/*
	 * Noise leads both variants to the same traces: if they have none in common, it is not
	 * noise. But a plain program that hardly ever does the same twice (for example, a polling
	 * thread that runs on with a queue which a child has moved) has no traces to have in
	 * common.
	 */
	if (seen[PLAIN].nr <= MOST / 2 && disjoint(&seen[PLAIN], &seen[SHIM]))
		return DIFFERENT;
	if (seen[PLAIN].nr == 1 && rarer(&seen[SHIM], MOST) >= OFTEN)
		return SHIM_UNSTEADY;
	return UNSTEADY;
}
