/* SPDX-License-Identifier: MIT */
/*
 * Prints one line of progress, over the one before. It is never longer than the terminal is wide.
 */
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "common/message.h"
#include "common/statistics.h"
#include "progress.h"

static bool shown;

/* Columns of the terminal that standard error is; 0: it is none, or cannot write over a line. */
static int columns(void)
{
	struct winsize size = { 0 };

	if (!can_highlight(STDERR_FILENO))
		return 0;
	return !ioctl(STDERR_FILENO, TIOCGWINSZ, &size) && size.ws_col ? size.ws_col : 80;
}

/* At the most: it may be precise enough before. */
static double seconds_left(const struct comparison *c, const struct comparison_limits *l,
			   double start)
{
	double spent = seconds_now() - start, left = l->budget - spent, by_pairs;
	size_t nr = c->pairs[c->judged].nr;

	if (l->pairs && nr) {
		by_pairs = l->pairs > nr ? spent / nr * (l->pairs - nr) : 0;
		if (by_pairs < left)
			left = by_pairs;
	}
	return left > 0 ? left : 0;
}

void progress_show(const struct comparison *c, const struct comparison_limits *limits, double start)
{
	const struct pairs *p = &c->pairs[c->judged];
	int width = columns();
	struct pair_summary s;
	char line[160];

	if (!width)
		return;
	if (!p->nr) {
		snprintf(line, sizeof(line), "regwait compare: no pair yet");
	} else {
		s = pairs_summary(p, c->seed);
		snprintf(line, sizeof(line),
			 "regwait compare: %zu pair%s, ratio %.4f (%.4f to %.4f), %.0f s left",
			 p->nr, p->nr == 1 ? "" : "s", s.ratio, s.low, s.high,
			 seconds_left(c, limits, start));
	}
	fprintf(stderr, "\r\033[K%.*s", width - 1, line);
	fflush(stderr);
	shown = true;
}

void progress_end(void)
{
	if (shown)
		fputs("\r\033[K", stderr);
	fflush(stderr);
	shown = false;
}
