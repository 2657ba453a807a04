/* SPDX-License-Identifier: MIT */
/*
 * A comparison as one HTML file that needs nothing else: the distributions of both
 * variants and of the ratios, drawn as SVG, every point visible.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "common/statistics.h"
#include "comparison.h"
#include "html.h"

#define WIDTH 720
#define LEFT  90
#define PLOT  (WIDTH - LEFT - 20)

static void put_escaped(FILE *f, const char *text)
{
	for (; *text; text++) {
		if (*text == '<' || *text == '>' || *text == '&' || *text == '"')
			fprintf(f, "&#%d;", *text);
		else
			fputc(*text, f);
	}
}

struct axis {
	double low, high;
};

static void widen(struct axis *a, const double *values, size_t nr)
{
	size_t i;

	for (i = 0; i < nr; i++) {
		if (values[i] < a->low)
			a->low = values[i];
		if (values[i] > a->high)
			a->high = values[i];
	}
}

static double place(const struct axis *a, double value)
{
	double span = a->high - a->low;

	return LEFT + (span > 0 ? (value - a->low) / span : 0.5) * PLOT;
}

/* One variant: each run a dot (spread in height by its number), the median a line. */
static void draw_variant(FILE *f, const struct axis *a, const double *values, size_t nr, double top,
			 const char *label, const char *colour)
{
	double median = place(a, quantile(values, nr, 0.5));
	size_t i;

	fprintf(f, "<text x=\"%d\" y=\"%.0f\" text-anchor=\"end\">%s</text>\n", LEFT - 10, top + 24,
		label);
	for (i = 0; i < nr; i++)
		fprintf(f,
			"<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\" "
			"fill-opacity=\".5\"/>\n",
			place(a, values[i]), top + 6 + (double)(i * 7 % 13) * 2.4, colour);
	fprintf(f,
		"<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%.0f\" y2=\"%.0f\" stroke=\"%s\" "
		"stroke-width=\"2\"/>\n",
		median, median, top, top + 40, colour);
}

static void draw_scale(FILE *f, const struct axis *a, double top, double scale)
{
	int i;

	for (i = 0; i <= 4; i++) {
		double value = a->low + (a->high - a->low) * i / 4;

		fprintf(f,
			"<text x=\"%.1f\" y=\"%.0f\" text-anchor=\"middle\" "
			"class=\"scale\">%.4g</text>\n",
			place(a, value), top, value * scale);
	}
}

static void draw_ratios(FILE *f, const struct pairs *p, const struct pair_summary *s, double top)
{
	struct axis a = { 1, 1 };
	struct outlier o;
	size_t i;

	for (i = 0; i < p->nr; i++) {
		double ratio = pairs_ratio(p, i);

		widen(&a, &ratio, 1);
	}
	fprintf(f, "<text x=\"%d\" y=\"%.0f\" text-anchor=\"end\">%s</text>\n", LEFT - 10, top + 24,
		p->larger_is_better ? "on / off" : "off / on");
	fprintf(f,
		"<rect x=\"%.1f\" y=\"%.0f\" width=\"%.1f\" height=\"40\" fill=\"#2a7\" "
		"fill-opacity=\".2\"/>\n",
		place(&a, s->low), top, place(&a, s->high) - place(&a, s->low));
	fprintf(f,
		"<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%.0f\" y2=\"%.0f\" stroke=\"#888\" "
		"stroke-dasharray=\"4 3\"/>\n",
		place(&a, 1), place(&a, 1), top, top + 40);
	for (i = 0; i < p->nr; i++)
		fprintf(f,
			"<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"#2a7\" "
			"fill-opacity=\".6\"%s><title>pair %zu</title></circle>\n",
			place(&a, pairs_ratio(p, i)), top + 6 + (double)(i * 7 % 13) * 2.4,
			pairs_outlier(p, s, i, &o) ? " stroke=\"#000\"" : "", i + 1);
	draw_scale(f, &a, top + 58, 1);
}

static void list_outliers(FILE *f, const struct comparison *c, const struct pair_summary *s)
{
	const struct pairs *p = &c->pairs[c->judged];
	struct outlier o;
	char line[128];
	size_t i;

	fputs("<p>Far from the rest, and kept (rings in the picture):</p>\n<ul>\n", f);
	for (i = 0; i < p->nr; i++) {
		if (!pairs_outlier(p, s, i, &o))
			continue;
		comparison_outlier(c, &o, line, sizeof(line));
		fprintf(f, "<li>%s</li>\n", line);
	}
	fputs("</ul>\n", f);
}

static void draw_measure(FILE *f, const struct comparison *c, enum measure m)
{
	const struct pairs *p = &c->pairs[m];
	struct pair_summary s = pairs_summary(p, c->seed);
	struct axis a = { p->off[0], p->off[0] };

	widen(&a, p->off, p->nr);
	widen(&a, p->on, p->nr);
	fprintf(f,
		"<h2>%s</h2>\n<p>median off %.5g, on %.5g %s; ratio <b>%.4f</b>, "
		"95 %% interval %.4f to %.4f, %zu pairs</p>\n",
		measure_label(m), s.off * measure_scale(m), s.on * measure_scale(m),
		measure_unit(m), s.ratio, s.low, s.high, p->nr);
	fprintf(f, "<svg viewBox=\"0 0 %d 190\" width=\"%d\" role=\"img\">\n", WIDTH, WIDTH);
	draw_variant(f, &a, p->off, p->nr, 0, "off", "#b54");
	draw_variant(f, &a, p->on, p->nr, 46, "on", "#36b");
	draw_scale(f, &a, 104, measure_scale(m));
	draw_ratios(f, p, &s, 122);
	fputs("</svg>\n", f);
	if (m == c->judged && s.outliers)
		list_outliers(f, c, &s);
}

int html_write(const struct comparison *c, FILE *f)
{
	enum measure m;
	int err = 0;

	fputs("<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\">\n"
	      "<title>regwait compare</title>\n"
	      "<style>body{font:15px/1.5 sans-serif;max-width:760px;margin:2em auto;padding:0 1em}"
	      "svg{max-width:100%;height:auto}svg text{font:12px sans-serif}.scale{fill:#666}"
	      "h2{font-size:1.1em;margin:1.6em 0 0}</style>\n<h1>",
	      f);
	put_escaped(f, c->what);
	fprintf(f,
		"</h1>\n<p>The same program with the shim switched off and %s, in turn%s%s. "
		"A dot is a run, a line the median of a variant; in the lowest row a dot is a "
		"pair, the shaded part the "
		"95&nbsp;%% interval of the median, the dashed line \"no difference\".</p>\n",
		c->both_off ? "off" : "on", c->ringfd ? ", REGWAIT_RINGFD=" : "",
		c->ringfd ? c->ringfd : "");
	for (m = 0; m < MEASURES; m++)
		if (c->pairs[m].nr)
			draw_measure(f, c, m);
	fprintf(f,
		"<p>Bootstrap seed %llu; %llu waits registered or polled in the on "
		"variant.</p>\n</html>\n",
		(unsigned long long)c->seed, (unsigned long long)c->gained);
	/* The reason of an earlier failure may be lost; one that lasts is told here. */
	errno = 0;
	if (fflush(f) || ferror(f))
		err = errno ? -errno : -EIO;
	if (fclose(f) && !err)
		err = -errno;
	return err;
}
