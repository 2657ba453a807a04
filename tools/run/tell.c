/* SPDX-License-Identifier: MIT */
/*
 * Prints the counts of a run, in words for people and as JSON.
 */
#include <stdlib.h>
#include <string.h>

#include "base/arch/arch.h"
#include "check/probe.h"
#include "check/why.h"
#include "common/message.h"
#include "common/report.h"
#include "stats/counts.h"
#include "stats/directory.h"
#include "stats/variants.h"
#include "tell.h"
#include "waking.h"
#include "watching.h"

#define MOST_LINES 8 /* one for each program; the others are added up */

static void predict_part(struct report *r, const char *key, const char *label, uint64_t waits,
			 struct saving each)
{
	char note[128];

	snprintf(note, sizeof(note), "us in all: %llu waits of %.0f ns (%.0f to %.0f) each",
		 (unsigned long long)waits, each.median, each.low, each.high);
	report_real(r, key, label, waits * each.median / 1000, note);
}

/* What the program took longer for being observed, which without would be part of no figure. */
static void say_cost_of_watching(struct report *r, const struct counts *c)
{
	struct saving each;

	if (!watching_cost(&each))
		return;
	predict_part(r, "watching_us", "watching cost", c->waits.plain[REASON_OBSERVED], each);
}

/* The number of waits times what one wait saves on this machine. */
static void predict(struct report *r, const struct counts *c)
{
	struct probe probe;

	probe_open(&probe);
	if (!probe_works(&probe)) {
		report_none(r, "prediction", "would save",
			    "nothing: no registered waits on this "
			    "system; regwait check tells why");
	} else {
		predict_part(r, "predicted_us", "would save", c->waits.would_register,
			     probe_saving(&probe));
		predict_part(r, "predicted_poll_us", "by polling", c->waits.would_poll,
			     probe_poll_saving(&probe));
	}
	probe_close(&probe);
}

#define LOOK_US 50 /* as REGWAIT_SPIN=auto looks */

/* What it would bring and cost if waits looked before they slept, timed or not. */
static void predict_looking(struct report *r, const struct regwait_wait_counts *w)
{
	uint64_t slept = w->slept + w->untimed_slept, found = w->slept_50 + w->untimed_50;
	struct saving each;
	char note[128];

	if (!slept || !ARCH_CAN_LOOK)
		return;
	snprintf(note, sizeof(note), "of %llu waits that slept, by looking for %d us first",
		 (unsigned long long)slept, LOOK_US);
	report_integer(r, "spin_found", "would be found", found, note);
	if (found && waking_cost(&each))
		predict_part(r, "spin_saved_us", "sleeps spared", found, each);
	snprintf(note, sizeof(note),
		 "us of CPU time at most, if all others look (auto learns not to)");
	report_integer(r, "spin_in_vain_us", "looked in vain", (slept - found) * LOOK_US, note);
}

/* name[pid], or how many processes of that name there were. */
static void name_row(const struct tally_row *row, char *name, size_t size)
{
	if (row->processes == 1)
		snprintf(name, size, "%s[%d]", row->program, (int)row->pid);
	else
		snprintf(name, size, "%s (%u processes)", row->program, row->processes);
}

/* Prints all counts of one program. */
static void say_all(const struct tally_row *row, const struct telling *how)
{
	struct report *r = report_new();
	char heading[96];

	name_row(row, heading, sizeof(heading));
	report_section(r, NULL, heading);
	report_string(r, "program", NULL, row->program);
	report_integer(r, "pid", NULL, row->pid, NULL);
	report_integer(r, "processes", NULL, row->processes, NULL);
	report_string(r, "mode", "mode", mode_name(row->mode));
	counts_report(r, &row->counts);
	if (row->mode == MODE_OBSERVE) {
		predict(r, &row->counts);
		predict_looking(r, &row->counts.waits);
		say_cost_of_watching(r, &row->counts);
	}
	if (row->times)
		variants_report(r, row->times, counts_spun(&row->counts), row->pid);
	report_print(r, how->json, how->to);
	report_free(r);
}

static void say_line(const struct tally_row *row, FILE *to)
{
	char line[320], name[96];

	name_row(row, name, sizeof(name));
	counts_line(&row->counts, line, sizeof(line));
	message(to, "%s: %s", name, line);
}

/* The program with most waits comes first. */
static int by_waits(const void *a, const void *b)
{
	const struct tally_row *x = a, *y = b;
	uint64_t m = counts_timed(&x->counts), n = counts_timed(&y->counts);

	return (m < n) - (m > n);
}

/* In a few lines, those programs of a large job that did something. */
static void say_lines(struct tally *t, const struct telling *how)
{
	struct tally_row rest = { .program = "others" }, none = { .processes = 0 };
	bool in_full = how->stats || (how->mode && strcmp(how->mode, "off"));
	size_t i, said = 0;

	for (i = 0; i < t->nr; i++) {
		const struct tally_row *row = &t->rows[i];

		if (counts_empty(&row->counts) && t->nr > 1) {
			none.processes += row->processes;
		} else if (said == MOST_LINES) {
			rest.processes += row->processes;
			counts_add(&rest.counts, &row->counts);
		} else {
			said++;
			if (in_full)
				say_all(row, how);
			else
				say_line(row, how->to);
		}
	}
	if (rest.processes)
		say_line(&rest, how->to);
	if (said > 1)
		say_line(&t->all, how->to);
	if (none.processes && how->children)
		message(how->to, "%u process%s made no ring", none.processes,
			none.processes == 1 ? "" : "es");
}

void tell(struct tally *t, const struct telling *how)
{
	size_t i;

	if (how->quiet || !t->nr)
		return;
	qsort(t->rows, t->nr, sizeof(*t->rows), by_waits);
	if (!how->json)
		say_lines(t, how);
	else
		for (i = 0; i < t->nr; i++)
			if (!i || how->children || !counts_empty(&t->rows[i].counts))
				say_all(&t->rows[i], how);
}

/* There is no stats page: the shim was not in the program. */
static void tell_not_loaded(const struct telling *how, const char *program)
{
	const char *reason = directory_reason(how->mode && *how->mode == 'a');
	struct report *r;
	char *why;

	if (reason) {
		if (asprintf(&why, "what was done is not known: %s", reason) < 0)
			must(NULL);
	} else {
		char *found = why_not_loaded(program);

		if (asprintf(&why, "the shim was not loaded into %s: %s", program, found) < 0)
			must(NULL);
		free(found);
	}
	if (how->json) {
		r = report_new();
		report_string(r, "program", NULL, program);
		report_none(r, "mode", NULL, NULL);
		report_string(r, "reason", NULL, why);
		report_print(r, true, how->to);
		report_free(r);
	} else {
		message(how->to, "%s", why);
	}
	free(why);
}

/* The shim was there, but saw no ring or wait. */
static void tell_nothing_seen(const struct tally *t, const struct telling *how)
{
	char *why = t->all.counts.rings.seen || t->nested ? NULL : why_no_ring();

	if (t->nested)
		message(how->to, "no timed wait was seen: " TALLY_NESTED);
	else if (why)
		message(how->to, "%s", why);
	else if (t->nr == 1 && t->rows[0].mode == MODE_OFF)
		message(how->to, "REGWAIT=off in the environment: every call was passed on");
	else
		message(how->to, "no timed wait was seen%s",
			how->children ?
				": there is nothing to gain here" :
				"; what the program starts was left alone (--children covers it)");
	free(why);
}

/* Processes that still run, such as daemons: their counts are not final. */
static void tell_of_the_living(const struct tally *t, FILE *to)
{
	if (t->alive == 1)
		message(to, "process %d goes on: regwait stat %d", (int)t->alive_pid,
			(int)t->alive_pid);
	else
		message(to, "%u processes go on: regwait stat", t->alive);
}

void tell_why(const struct tally *t, const struct telling *how, const char *program)
{
	if (how->quiet)
		return;
	if (t->alive && !how->json)
		tell_of_the_living(t, how->to);
	else if (!t->pages && !t->alive)
		tell_not_loaded(how, program);
	else if (!how->json && !counts_timed(&t->all.counts) && !counts_spun(&t->all.counts) &&
		 !(how->mode && !strcmp(how->mode, "off")))
		tell_nothing_seen(t, how);
}
