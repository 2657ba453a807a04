/* SPDX-License-Identifier: MIT */
/*
 * Collects the counts of processes and prints them as OpenMetrics.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/message.h"
#include "openmetrics.h"

struct sample {
	char labels[192];
	struct counts counts;
};

static struct sample *samples;
static size_t nr;

/* A label value: backslash, quote and newline are escaped, the rest is as it is. */
static void escape(char *to, size_t size, const char *from)
{
	size_t n = 0;

	for (; *from && n + 3 < size; from++) {
		if (*from == '\\' || *from == '"' || *from == '\n')
			to[n++] = '\\';
		to[n++] = *from == '\n' ? 'n' : *from;
	}
	to[n] = '\0';
}

void openmetrics_add(const struct stats_page *p)
{
	char program[2 * sizeof(p->program) + 1];
	int n;

	samples = must(realloc(samples, (nr + 1) * sizeof(*samples)));
	escape(program, sizeof(program), p->program);
	n = snprintf(samples[nr].labels, sizeof(samples[nr].labels), "pid=\"%d\",program=\"%s\"",
		     p->pid, program);
	/* In another PID namespace, where a process of ours may have the same id. */
	if (p->seen_as != p->pid)
		snprintf(samples[nr].labels + n, sizeof(samples[nr].labels) - n,
			 ",pid_namespace=\"%" PRIu64 "\"", p->pid_namespace);
	samples[nr++].counts = p->counts;
}

static void print_plain(FILE *to, const char *metric, const char *labels, const uint64_t *plain)
{
	int why;

	for (why = REASON_NONE + 1; why < REASON_END; why++)
		if (plain[why])
			fprintf(to, "%s_total{%s,outcome=\"plain\",reason=\"%s\"} %" PRIu64 "\n",
				metric, labels, reason_name(why), plain[why]);
}

/* Beside those that looked. */
static void print_unspun(FILE *to, const struct sample *s)
{
	int why;

	for (why = LOOK_REASON_NONE + 1; why < LOOK_REASON_END; why++)
		if (s->counts.waits.unspun[why])
			fprintf(to,
				"regwait_spins_total{%s,outcome=\"unspun\",reason=\"%s\"} %" PRIu64
				"\n",
				s->labels, look_reason_name(why), s->counts.waits.unspun[why]);
}

static void print_site(FILE *to, bool *begun, const char *labels, const char *outcome,
		       uint64_t value)
{
	if (!*begun)
		fputs("# TYPE regwait_sites gauge\n"
		      "# HELP regwait_sites System call instructions of the program that plans "
		      "name, by outcome.\n",
		      to);
	*begun = true;
	fprintf(to, "regwait_sites{%s,%s} %" PRIu64 "\n", labels, outcome, value);
}

/* They change never after the start: a gauge. Only if a process was given plans. */
static void print_sites(FILE *to)
{
	bool begun = false;
	size_t i;
	int why;

	for (i = 0; i < nr; i++) {
		const struct regwait_site_counts *c = &samples[i].counts.sites;

		if (c->patched)
			print_site(to, &begun, samples[i].labels, "outcome=\"patched\"",
				   c->patched);
		for (why = SITE_REASON_NONE + 1; why < SITE_REASON_END; why++) {
			char outcome[64];

			if (!c->left[why])
				continue;
			snprintf(outcome, sizeof(outcome), "outcome=\"left\",reason=\"%s\"",
				 site_reason_name(why));
			print_site(to, &begun, samples[i].labels, outcome, c->left[why]);
		}
	}
}

void openmetrics_print(FILE *to)
{
	size_t i;

	fputs("# TYPE regwait_rings counter\n"
	      "# HELP regwait_rings Rings that the program made, by outcome.\n",
	      to);
	for (i = 0; i < nr; i++) {
		fprintf(to, "regwait_rings_total{%s,outcome=\"armed\"} %" PRIu64 "\n",
			samples[i].labels, samples[i].counts.rings.armed);
		print_plain(to, "regwait_rings", samples[i].labels, samples[i].counts.rings.plain);
	}
	fputs("# TYPE regwait_rings_without_iowait counter\n"
	      "# HELP regwait_rings_without_iowait Rings whose waits were kept out of iowait.\n",
	      to);
	for (i = 0; i < nr; i++)
		fprintf(to, "regwait_rings_without_iowait_total{%s} %" PRIu64 "\n",
			samples[i].labels, samples[i].counts.rings.no_iowait);
	fputs("# TYPE regwait_waits counter\n"
	      "# HELP regwait_waits Timed waits of the program, by outcome.\n",
	      to);
	for (i = 0; i < nr; i++) {
#define X(field, name, text) \
	fprintf(to, "regwait_waits_total{%s,outcome=\"" #field "\"} %" PRIu64 "\n", \
		samples[i].labels, samples[i].counts.waits.field);
		REGWAIT_WAIT_COUNTS(X)
#undef X
		print_plain(to, "regwait_waits", samples[i].labels, samples[i].counts.waits.plain);
	}
	fputs("# TYPE regwait_spins counter\n"
	      "# HELP regwait_spins Waits that looked before they slept (spun: and found), or did not (unspun).\n",
	      to);
	for (i = 0; i < nr; i++) {
#define X(field, name, text) \
	fprintf(to, "regwait_spins_total{%s,outcome=\"" #field "\"} %" PRIu64 "\n", \
		samples[i].labels, samples[i].counts.waits.field);
		REGWAIT_SPIN_COUNTS(X)
#undef X
		print_unspun(to, &samples[i]);
	}
	print_sites(to);
	fputs("# EOF\n", to);
	free(samples);
	samples = NULL;
	nr = 0;
}
