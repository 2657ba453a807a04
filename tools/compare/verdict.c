/* SPDX-License-Identifier: MIT */
/*
 * Prints what a comparison found.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check/why.h"
#include "common/message.h"
#include "common/report.h"
#include "comparison.h"
#include "stats/directory.h"
#include "stats/tally.h"
#include "verdict.h"

#define OUTLIERS_NAMED 3

#define NOISY	       "% between the quartiles of the off variant: this machine is noisy"

static void report_measure(const struct comparison *c, struct report *r, enum measure m)
{
	const struct pairs *p = &c->pairs[m];
	struct pair_summary s = pairs_summary(p, c->seed);
	bool compared = measure_compared(c, m, &s);
	const char *mark = m == c->judged && !*c->reason ? "  <- judged" : "";
	char line[200], key[64];
	int n;

	n = snprintf(line, sizeof(line), "off %.5g, on %.5g%s%s", s.off * measure_scale(m),
		     s.on * measure_scale(m), *measure_unit(m) ? " " : "", measure_unit(m));
	if (compared)
		snprintf(line + n, sizeof(line) - n, "; ratio %.4f (95 %%: %.4f to %.4f)%s",
			 s.ratio, s.low, s.high, mark);
	else if (!*c->reason)
		snprintf(line + n, sizeof(line) - n, "; too short to be compared%s", mark);
	report_string(r, measure_key(m), measure_label(m), line);
#define VALUE(name, value) \
	snprintf(key, sizeof(key), "%s_%s", measure_key(m), name); \
	report_real(r, key, NULL, value, NULL)
	VALUE("off", s.off);
	VALUE("on", s.on);
	VALUE("ratio", compared ? s.ratio : NAN);
	VALUE("low", compared ? s.low : NAN);
	VALUE("high", compared ? s.high : NAN);
#undef VALUE
	if (s.noise > 0.05 && m == c->judged && compared)
		report_real(r, "noise", "noise", 100 * s.noise,
			    m == WALL ? NOISY "; --judge cpu may tell more" : NOISY);
}

/* The outliers of the judged measure: all of them in JSON, the first few in one line of text. */
static void report_outliers(const struct comparison *c, struct report *r)
{
	const struct pairs *p = &c->pairs[c->judged];
	struct pair_summary s = pairs_summary(p, c->seed);
	char text[400] = "", line[128], all[448];
	struct outlier o;
	size_t i, nr = 0;

	for (i = 0; i < p->nr; i++) {
		if (!pairs_outlier(p, &s, i, &o))
			continue;
		comparison_outlier(c, &o, line, sizeof(line));
		if (nr++ < OUTLIERS_NAMED)
			snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s",
				 nr > 1 ? "; " : "", line);
		report_item(r, "outliers");
		report_integer(r, "pair", NULL, o.pair, NULL);
		report_string(r, "variant", NULL, o.variant);
		report_real(r, "value", NULL, o.value, NULL);
		report_real(r, "ratio", NULL, o.ratio, NULL);
		report_string(r, "text", NULL, line);
	}
	report_section(r, NULL, NULL);
	if (nr > OUTLIERS_NAMED)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "; %zu more",
			 nr - OUTLIERS_NAMED);
	snprintf(all, sizeof(all), "%zu of %zu: %s", nr, p->nr, text);
	if (nr)
		report_string(r, "outliers_text", "outliers, kept", all);
}

/* If nothing was registered or polled: writes why into text. */
static void not_exercised(const struct comparison *c, char *text, size_t size)
{
	const char *reason = c->loaded ? NULL : directory_reason(false);
	char *why = NULL;

	if (reason) {
		snprintf(text, size, "%s", reason);
	} else if (!c->loaded) {
		why = why_not_loaded(c->what);
		snprintf(text, size, "the shim was not loaded into the program: %s", why);
	} else if (c->timed) {
		snprintf(text, size, "none of %llu timed waits was registered or polled: %s",
			 (unsigned long long)c->timed, c->plain_why ? c->plain_why : "answered");
	} else if (c->nested) {
		snprintf(text, size, "%s", TALLY_NESTED);
	} else {
		why = c->attached ? NULL : why_no_ring();
		snprintf(text, size, "no timed wait was seen; %s",
			 why ? why : "there is nothing to gain here");
	}
	free(why);
}

static struct verdict of(const char *word, int code, const char *text)
{
	struct verdict v = { .word = word, .code = code };

	snprintf(v.text, sizeof(v.text), "%s", text);
	return v;
}

/* What it costs to be faster, where waits look before they sleep. */
static void add_price(const struct comparison *c, char *text, size_t size)
{
	struct pair_summary s = pairs_summary(&c->pairs[CPU], c->seed);
	size_t n = strlen(text);

	if (!c->spun || c->judged == CPU || !c->pairs[CPU].nr || measure_too_short(CPU, &s))
		return;
	if (pairs_difference(&s) == FASTER || pairs_difference(&s) == SLOWER)
		snprintf(text + n, size - n, "; CPU time %+.0f %%", 100 / s.ratio - 100);
	else
		snprintf(text + n, size - n, "; CPU time as before");
}

/* The verdict by the measurements, if nothing else prevents one. */
static struct verdict of_figures(const struct comparison *c)
{
	const struct pairs *p = &c->pairs[c->judged];
	struct pair_summary s = pairs_summary(p, c->seed);
	char text[192];

	if (measure_too_short(c->judged, &s))
		return of("inconclusive", EXIT_INCONCLUSIVE,
			  "too short to be compared; give it more to do");
	switch (pairs_difference(&s)) {
	case FASTER:
		snprintf(text, sizeof(text), "by %.2f %% (95 %%: %.2f to %.2f)",
			 100 * (s.ratio - 1), 100 * (s.low - 1), 100 * (s.high - 1));
		add_price(c, text, sizeof(text));
		return of("faster", EXIT_FASTER, text);
	case SLOWER:
		snprintf(text, sizeof(text), "by %.2f %% (95 %%: %.2f to %.2f)",
			 100 * (1 - s.ratio), 100 * (1 - s.high), 100 * (1 - s.low));
		add_price(c, text, sizeof(text));
		return of("slower", EXIT_SLOWER, text);
	case NO_DIFFERENCE:
		return of("no difference", EXIT_NO_DIFFERENCE, "of a percent or more");
	case INCONCLUSIVE:
		break;
	}
	snprintf(text, sizeof(text), "about %zu more pairs would tell (--pairs, --budget)",
		 pairs_missing(&s, p->nr));
	return of("inconclusive", EXIT_INCONCLUSIVE, text);
}

struct verdict verdict_of(const struct comparison *c)
{
	char text[512];

	if (*c->reason)
		return of("refused", EXIT_REFUSED, c->reason);
	if (!c->pairs[c->judged].nr)
		return of("inconclusive", EXIT_INCONCLUSIVE, "not one pair was measured");
	if (c->gained || c->spun || c->both_off)
		return of_figures(c);
	not_exercised(c, text, sizeof(text));
	return of("not exercised", EXIT_NOT_EXERCISED, text);
}

static int judge(const struct comparison *c, struct report *r)
{
	struct verdict v = verdict_of(c);

	report_section(r, NULL, "Verdict");
	report_string(r, "verdict", v.word, v.text);
	report_colour(r, v.code == EXIT_FASTER				 ? REPORT_GREEN :
			 v.code == EXIT_SLOWER || v.code == EXIT_REFUSED ? REPORT_RED :
									   REPORT_YELLOW);
	report_string(r, "verdict_word", NULL, v.word);
	report_integer(r, "exit_code", NULL, v.code, NULL);
	return v.code;
}

static void report_measures(const struct comparison *c, struct report *r)
{
	enum measure m;

	if (c->pairs[c->judged].nr)
		report_measure(c, r, c->judged);
	for (m = 0; m < MEASURES; m++)
		if (c->pairs[m].nr && m != c->judged)
			report_measure(c, r, m);
	if (c->pairs[c->judged].nr && !*c->reason)
		report_outliers(c, r);
}

int verdict_report(const struct comparison *c, struct report *r)
{
	int code = judge(c, r);

	report_section(r, NULL, c->what);
	report_string(r, "what", NULL, c->what);
	report_measures(c, r);
	report_string(r, "variants", c->both_off ? "variants" : NULL,
		      c->both_off ? "off in both: what shows is noise" : "off and on");
	if (c->ringfd)
		report_string(r, "ringfd", "REGWAIT_RINGFD in the on variant", c->ringfd);
	if (c->spin)
		report_string(r, "spin", "REGWAIT_SPIN in the on variant", c->spin);
	if (c->taskrun)
		report_string(r, "taskrun", "REGWAIT_TASKRUN in the on variant", c->taskrun);
	report_integer(r, "pairs", "pairs", c->pairs[c->judged].nr,
		       c->interrupted ? "(interrupted)" : NULL);
	report_integer(r, "gained", "waits registered or polled", c->gained, "in the on variant");
	if (c->spun)
		report_integer(r, "spun", "waits that looked first", c->spun, "in the on variant");
	report_integer(r, "seed", "bootstrap seed", c->seed, NULL);
	return code;
}
