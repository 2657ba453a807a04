/* SPDX-License-Identifier: MIT */
/*
 * Draws the rows of values of a report. A row has a dot for each value, and under the dots a box
 * from quartile to quartile with the median. The drawing is narrow, so that its words can still be
 * read when a telephone shrinks it.
 */
#include <math.h>
#include <string.h>

#include "common/statistics.h"
#include "draw.h"

#define WIDTH	   460
#define LEFT	   52
#define RIGHT	   (WIDTH - 28) /* leaves room for half a number */
#define ROW	   50
#define DOTS	   26 /* of which the dots take this height */
#define AXIS	   44
#define MOST_TICKS 6

struct axis {
	double low, high, step;
};

static void widen(struct axis *a, double value)
{
	a->low = fmin(a->low, value);
	a->high = fmax(a->high, value);
}

/* Ends at round numbers, with a step of 1, 2 or 5 times a power of ten. */
static void make_round(struct axis *a)
{
	static const double steps[] = { 1, 2, 5, 10 };
	double span = a->high - a->low, least, power;
	int i;

	if (span <= 0)
		span = a->low ? fabs(a->low) / 10 : 1;
	least = span / (MOST_TICKS - 2);
	power = pow(10, floor(log10(least)));
	for (i = 0; i < 3 && steps[i] * power < least; i++)
		;
	a->step = steps[i] * power;
	a->low = floor(a->low / a->step + 1e-9) * a->step;
	a->high = ceil(a->high / a->step - 1e-9) * a->step;
	if (a->high <= a->low)
		a->high = a->low + a->step;
}

static double place(const struct axis *a, double value)
{
	return LEFT + (value - a->low) / (a->high - a->low) * (RIGHT - LEFT);
}

/* A line with ticks, as many decimals as the step has, and what they are. */
static void draw_axis(FILE *f, const struct axis *a, double top, const char *what)
{
	int decimals = a->step < 1 ? (int)ceil(-log10(a->step) - 1e-9) : 0;
	int i, nr = (int)round((a->high - a->low) / a->step);

	fprintf(f, "<path class=\"axis\" d=\"M%d %.1fH%d\"/>\n", LEFT, top, RIGHT);
	for (i = 0; i <= nr; i++) {
		double value = a->low + i * a->step, x = place(a, value);

		fprintf(f,
			"<path class=\"axis\" d=\"M%.1f %.1fv5\"/><text x=\"%.1f\" y=\"%.1f\" "
			"text-anchor=\"middle\">%.*f</text>\n",
			x, top, x, top + 17, decimals, value);
	}
	fprintf(f, "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>\n", RIGHT, top + 32,
		what);
}

/* The height of a dot in its row: spread, but the same for the same number. */
static double height(size_t i)
{
	return 3 + (double)(i * 7 % 13) / 12 * (DOTS - 3);
}

static void draw_box(FILE *f, const struct axis *a, const double *values, size_t nr, double top,
		     const char *kind)
{
	double low = place(a, quantile(values, nr, 0.25)),
	       high = place(a, quantile(values, nr, 0.75));
	double middle = place(a, quantile(values, nr, 0.5));

	fprintf(f,
		"<rect class=\"%s box\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"10\"/>"
		"<path class=\"%s median\" d=\"M%.1f %.1fv14\"/>\n",
		kind, low, top + DOTS + 8, high - low, kind, middle, top + DOTS + 6);
}

static void draw_variant(FILE *f, const struct axis *a, const double *values, size_t nr,
			 double scale, double top, const char *kind)
{
	double scaled;
	size_t i;

	fprintf(f, "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>\n", LEFT - 10, top + 24,
		kind);
	for (i = 0; i < nr; i++) {
		scaled = values[i] * scale;
		fprintf(f, "<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"2.5\"/>\n", kind,
			place(a, scaled), top + 2 + height(i));
	}
}

static double draw_variants(FILE *f, const struct pairs *p, double scale, const char *unit)
{
	struct axis a = { p->off[0] * scale, p->off[0] * scale, 0 }, plain;
	size_t i;

	for (i = 0; i < p->nr; i++) {
		widen(&a, p->off[i] * scale);
		widen(&a, p->on[i] * scale);
	}
	make_round(&a);
	/* The same axis in unscaled values. */
	plain = (struct axis){ a.low / scale, a.high / scale, a.step / scale };
	draw_variant(f, &a, p->off, p->nr, scale, 0, "off");
	draw_box(f, &plain, p->off, p->nr, 0, "off");
	draw_variant(f, &a, p->on, p->nr, scale, ROW, "on");
	draw_box(f, &plain, p->on, p->nr, ROW, "on");
	draw_axis(f, &a, 2 * ROW + 4, unit);
	return 2 * ROW + 4 + AXIS;
}

static void draw_ratios(FILE *f, const struct pairs *p, const struct pair_summary *s, double top)
{
	struct axis a = { 1, 1, 0 };
	struct outlier o;
	size_t i;

	for (i = 0; i < p->nr; i++)
		widen(&a, pairs_ratio(p, i));
	make_round(&a);
	fprintf(f, "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">ratio</text>\n", LEFT - 10,
		top + 24);
	fprintf(f, "<path class=\"one\" d=\"M%.1f %.1fv%d\"/>\n", place(&a, 1), top, ROW);
	/* The interval: a bar with ends, under the dots. */
	fprintf(f,
		"<path class=\"interval\" d=\"M%.1f %.1fv10m0 -5H%.1fm0 -5v10\"/>"
		"<path class=\"interval\" d=\"M%.1f %.1fv14\"/>\n",
		place(&a, s->low), top + DOTS + 10, place(&a, s->high), place(&a, s->ratio),
		top + DOTS + 8);
	for (i = 0; i < p->nr; i++)
		fprintf(f,
			"<circle class=\"pair%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"2.5\"><title>pair "
			"%zu</title></circle>\n",
			pairs_outlier(p, s, i, &o) ? " far" : "", place(&a, pairs_ratio(p, i)),
			top + 2 + height(i), i + 1);
	draw_axis(f, &a, top + ROW + 4,
		  p->larger_is_better ? "on / off; above 1 on is better" :
					"off / on; above 1 on is faster");
}

void draw_measure(FILE *f, const struct comparison *c, enum measure m, const struct pair_summary *s)
{
	const struct pairs *p = &c->pairs[m];
	const char *unit = measure_unit(m);
	double scale = measure_scale(m);
	bool compared = measure_compared(c, m, s);
	int size = 2 * ROW + 4 + AXIS + (compared ? ROW + 4 + AXIS : 0);
	double top;

	fprintf(f, "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">\n", WIDTH, size,
		measure_label(m));
	/* Numbers on an axis are to be short. */
	if (!strcmp(unit, "s") && fmax(s->off, s->on) < 0.5) {
		scale = 1000;
		unit = "ms";
	}
	top = draw_variants(f, p, scale, unit);
	if (compared)
		draw_ratios(f, p, s, top);
	fputs("</svg>\n", f);
}
