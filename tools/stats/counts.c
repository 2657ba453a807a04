/* SPDX-License-Identifier: MIT */
/*
 * Adds counts up, and puts them into words.
 */
#include <inttypes.h>

#include "counts.h"

static void report_plain(struct report *r, const char *what, const uint64_t *plain)
{
	int why;

	for (why = REASON_NONE + 1; why < REASON_END; why++) {
		char key[64], label[64];

		if (!plain[why])
			continue;
		snprintf(key, sizeof(key), "%s.plain.%s", what, reason_name(why));
		snprintf(label, sizeof(label), "%s plain, %s", what, reason_name(why));
		report_integer(r, key, label, plain[why], reason_text(why));
	}
}

static void report_sites(struct report *r, const struct regwait_site_counts *c)
{
	int why;

#define X(field, name, text) \
	if (c->field) \
		report_integer(r, name, name, c->field, text);
	REGWAIT_SITE_COUNTS(X)
#undef X
	for (why = SITE_REASON_NONE + 1; why < SITE_REASON_END; why++) {
		char key[64], label[64];

		if (!c->left[why])
			continue;
		snprintf(key, sizeof(key), "sites.left.%s", site_reason_name(why));
		snprintf(label, sizeof(label), "sites left, %s", site_reason_name(why));
		report_integer(r, key, label, c->left[why], site_reason_text(why));
	}
}

static void report_unspun(struct report *r, const uint64_t *unspun)
{
	int why;

	for (why = LOOK_REASON_NONE + 1; why < LOOK_REASON_END; why++) {
		char key[64], label[64];

		if (!unspun[why])
			continue;
		snprintf(key, sizeof(key), "waits.unspun.%s", look_reason_name(why));
		snprintf(label, sizeof(label), "waits unspun, %s", look_reason_name(why));
		report_integer(r, key, label, unspun[why], look_reason_text(why));
	}
}

static void add_words(void *to, const void *from, size_t size)
{
	const uint64_t *words = from;
	uint64_t *sums = to;
	size_t i;

	for (i = 0; i < size / sizeof(*words); i++)
		sums[i] += words[i];
}

void counts_add(struct counts *sum, const struct counts *c)
{
	add_words(&sum->rings, &c->rings, sizeof(c->rings));
	add_words(&sum->waits, &c->waits, sizeof(c->waits));
	add_words(&sum->sites, &c->sites, sizeof(c->sites));
}

void counts_report(struct report *r, const struct counts *c)
{
	report_sites(r, &c->sites);
#define X(field, name, text) report_integer(r, name, name, c->rings.field, "");
	REGWAIT_RING_COUNTS(X)
#undef X
	report_plain(r, "rings", c->rings.plain);
#define X(field, name, text) report_integer(r, name, name, c->waits.field, "");
	REGWAIT_WAIT_COUNTS(X)
#undef X
	report_plain(r, "waits", c->waits.plain);
#define X(field, name, text) \
	if (c->waits.field) \
		report_integer(r, name, name, c->waits.field, text);
	REGWAIT_SPIN_COUNTS(X)
	REGWAIT_OBSERVED_COUNTS(X)
#undef X
	report_unspun(r, c->waits.unspun);
}

uint64_t counts_plain(const uint64_t *plain)
{
	uint64_t sum = 0;
	int i;

	for (i = 0; i < REASON_END; i++)
		sum += plain[i];
	return sum;
}

uint64_t counts_timed(const struct counts *c)
{
	const struct regwait_wait_counts *w = &c->waits;

	return w->registered + w->polled + w->answered + counts_plain(w->plain) -
	       w->plain[REASON_NO_TIMEOUT];
}

uint64_t counts_gained(const struct counts *c)
{
	return c->waits.registered + c->waits.polled;
}

uint64_t counts_spun(const struct counts *c)
{
	return c->waits.spun + c->waits.spun_in_vain;
}

bool counts_empty(const struct counts *c)
{
	return !c->rings.seen && !counts_spun(c) && !counts_gained(c) && !c->waits.answered &&
	       !counts_plain(c->waits.plain);
}

enum regwait_reason counts_foremost(const uint64_t *plain)
{
	enum regwait_reason why, best = REASON_NONE;

	for (why = REASON_NONE + 1; why < REASON_END; why++)
		if (plain[why] > (best ? plain[best] : 0))
			best = why;
	return best;
}

const char *counts_plain_why(const struct counts *c)
{
	enum regwait_reason why = counts_foremost(c->waits.plain);

	return why ? reason_text(why) : NULL;
}

/* The most frequent reason of those that did not look, and how many these are. */
static enum look_reason foremost_unspun(const uint64_t *unspun, uint64_t *sum)
{
	enum look_reason why, best = LOOK_REASON_NONE;

	*sum = 0;
	for (why = LOOK_REASON_NONE + 1; why < LOOK_REASON_END; why++) {
		*sum += unspun[why];
		if (unspun[why] > (best ? unspun[best] : 0))
			best = why;
	}
	return best;
}

/* Only with REGWAIT_SPIN. */
static void add_spun(const struct counts *c, char *text, size_t size)
{
	uint64_t unspun;
	enum look_reason why = foremost_unspun(c->waits.unspun, &unspun);
	size_t n = 0;

	text[0] = '\0';
	if (counts_spun(c) || why)
		n = snprintf(text, size, "; spun %" PRIu64 ", in vain %" PRIu64, c->waits.spun,
			     c->waits.spun_in_vain);
	if (why)
		snprintf(text + n, size - n, ", not %" PRIu64 " (mostly %s)", unspun,
			 look_reason_name(why));
}

void counts_line(const struct counts *c, char *line, size_t size)
{
	enum regwait_reason why = counts_foremost(c->waits.plain);
	char no_iowait[48] = "", spun[128];

	add_spun(c, spun, sizeof(spun));
	/* Only with REGWAIT_IOWAIT=off. */
	if (c->rings.no_iowait)
		snprintf(no_iowait, sizeof(no_iowait), ", without iowait %" PRIu64,
			 c->rings.no_iowait);
	snprintf(line, size,
		 "rings %" PRIu64 ", armed %" PRIu64 "%s; waits registered %" PRIu64
		 ", polled %" PRIu64 ", answered %" PRIu64 ", plain %" PRIu64 "%s%s%s%s",
		 c->rings.seen, c->rings.armed, no_iowait, c->waits.registered, c->waits.polled,
		 c->waits.answered, counts_plain(c->waits.plain), why ? " (mostly " : "",
		 why ? reason_name(why) : "", why ? ")" : "", spun);
}
