/* SPDX-License-Identifier: MIT */
/*
 * Puts the counts of a stats page into words.
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

/* How waits return from the system call. */
static void report_returning(struct report *r, const struct regwait_returning *returning)
{
	if (!returning->plain_ns && !returning->refills)
		return;
	report_integer(r, "return.plain-ns", "return.plain-ns", returning->plain_ns,
		       "a system call and its return");
	report_integer(r, "return.refill-ns", "return.refill-ns", returning->refill_ns,
		       "with a refill of the return predictor");
	report_string(r, "return.chosen", "return.chosen",
		      returning->refills ? "refill" : "plain");
}

void counts_report(struct report *r, const struct stats_page *p)
{
	struct regwait_wait_counts w = stats_page_waits(p);
	const struct regwait_ring_counts *rings = &p->map->rings;

#define X(field, name, text) report_integer(r, name, name, rings->field, "");
	REGWAIT_RING_COUNTS(X)
#undef X
	report_plain(r, "rings", rings->plain);
#define X(field, name, text) report_integer(r, name, name, w.field, "");
	REGWAIT_WAIT_COUNTS(X)
#undef X
	report_plain(r, "waits", w.plain);
#define X(field, name, text) \
	if (w.field) \
		report_integer(r, name, name, w.field, text);
	REGWAIT_OBSERVED_COUNTS(X)
#undef X
	report_returning(r, &p->map->returning);
}

uint64_t counts_timed(const struct regwait_wait_counts *w)
{
	return w->registered + w->polled + w->answered + stats_page_plain(w->plain) -
	       w->plain[REASON_NO_TIMEOUT];
}

static enum regwait_reason foremost(const uint64_t *plain)
{
	enum regwait_reason why, best = REASON_NONE;

	for (why = REASON_NONE + 1; why < REASON_END; why++)
		if (plain[why] > (best ? plain[best] : 0))
			best = why;
	return best;
}

void counts_line(const struct stats_page *p, char *line, size_t size)
{
	struct regwait_wait_counts w = stats_page_waits(p);
	uint64_t plain = stats_page_plain(w.plain);
	enum regwait_reason why = foremost(w.plain);

	snprintf(line, size,
		 "rings %" PRIu64 ", armed %" PRIu64 "; waits registered %" PRIu64
		 ", polled %" PRIu64 ", answered %" PRIu64 ", plain %" PRIu64 "%s%s%s",
		 p->map->rings.seen, p->map->rings.armed, w.registered, w.polled, w.answered,
		 plain, why ? " (mostly " : "", why ? reason_name(why) : "", why ? ")" : "");
}
