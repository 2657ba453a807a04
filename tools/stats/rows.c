/* SPDX-License-Identifier: MIT */
/*
 * Remembers the counts of each process at the last look. The first row of a process shows its
 * average per second since it began.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "common/message.h"
#include "common/statistics.h"
#include "counts.h"
#include "rows.h"

#define ROWS_A_HEAD 20

struct past {
	int pid;
	uint64_t pid_namespace;
	struct regwait_wait_counts waits;
	double when;
	bool gone;
};

static struct past *pasts;
static size_t nr_pasts;

/* The counts of this process at the last look, which are replaced by the present ones. */
static struct past exchange_past(const struct stats_page *p, bool alive)
{
	struct past fresh = {
		.pid = p->pid, .pid_namespace = p->pid_namespace,
		.waits = p->counts.waits, .when = p->counted, .gone = !alive,
	}, old = { 0 };
	size_t i;

	for (i = 0; i < nr_pasts; i++) {
		if (pasts[i].pid != p->pid || pasts[i].pid_namespace != p->pid_namespace)
			continue;
		old = pasts[i];
		pasts[i] = fresh;
		return old;
	}
	pasts = must(realloc(pasts, (nr_pasts + 1) * sizeof(*pasts)));
	pasts[nr_pasts++] = fresh;
	return old;
}

/* If a count went back, this is another stats page, or a false one. */
static double per_second(uint64_t now, uint64_t before, double seconds)
{
	return now >= before && seconds > 0 ? (now - before) / seconds : 0;
}

void rates_report(struct report *r, const struct stats_page *p)
{
	const struct regwait_wait_counts *w = &p->counts.waits;
	struct past old = exchange_past(p, true);
	double seconds = p->counted - old.when;

	if (!old.pid || seconds <= 0)
		return;
#define X(field, name, text) \
	report_real(r, name ".per_second", name, per_second(w->field, old.waits.field, seconds), \
		    "/s");
	REGWAIT_WAIT_COUNTS(X)
#undef X
#define X(field, name, text) \
	if (w->field) \
		report_real(r, name ".per_second", name, \
			    per_second(w->field, old.waits.field, seconds), "/s");
	REGWAIT_SPIN_COUNTS(X)
#undef X
	report_real(r, "waits.plain.per_second", "waits.plain",
		    per_second(counts_plain(w->plain), counts_plain(old.waits.plain), seconds),
		    "/s");
}

/* The age of the stats page, by the time that is written in it. */
static double age(const struct stats_page *p)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec + now.tv_nsec / 1e9 - p->started / 1e9;
}

/* In five columns: whole up to 99999, then in thousands and millions. */
static const char *shortened(double n, char text[8])
{
	if (n < 99999.5)
		snprintf(text, 8, "%.0f", n);
	else if (n < 9999.5e3)
		snprintf(text, 8, "%.0fk", n / 1e3);
	else
		snprintf(text, 8, n < 99.95e6 ? "%.1fM" : "%.0fM", fmin(n / 1e6, 9999));
	return text;
}

/* A column of a row. */
static void print_number(double n)
{
	char text[8];

	printf(" %5s", shortened(n, text));
}

static void print_head(void)
{
	printf("%28s ---rings--- ---waits per second----\n", "");
	printf("%7s %-12s %-7s %5s %5s %5s %5s %5s %5s  %s\n", "pid", "program", "mode", "made",
	       "armed", "reg", "poll", "answ", "plain", "mostly");
}

/* With the longest reason 80 columns wide, as terminals are at least. */
void row_print(const struct stats_page *p, bool alive)
{
	static unsigned rows;
	const struct regwait_wait_counts *w = &p->counts.waits;
	struct past old = exchange_past(p, alive);
	double seconds = old.pid ? p->counted - old.when : age(p);
	enum regwait_reason why = counts_foremost(w->plain);

	if (old.gone && !alive)
		return; /* its page stays, and will say nothing new */
	if (rows++ % ROWS_A_HEAD == 0)
		print_head();
	printf("%7d %-12.12s %-7s", (int)stats_page_pid(p), p->program,
	       alive ? mode_name(p->mode) : "gone");
	print_number(p->counts.rings.seen);
	print_number(p->counts.rings.armed);
	print_number(per_second(w->registered, old.waits.registered, seconds));
	print_number(per_second(w->polled, old.waits.polled, seconds));
	print_number(per_second(w->answered, old.waits.answered, seconds));
	print_number(per_second(counts_plain(w->plain), counts_plain(old.waits.plain), seconds));
	printf("  %s\n", why ? reason_name(why) : "-");
}
