/* SPDX-License-Identifier: MIT */
/*
 * Writes a comparison as one HTML file that needs no other: the verdict, what was compared and
 * where, and the distributions of both variants and of the ratios, with every point visible.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "contract/version.h"
#include "common/text.h"
#include "draw.h"
#include "html.h"
#include "verdict.h"

static const char style[] =
	":root{color-scheme:light dark;--text:#222;--faint:#666;--back:#fff;--off:#b3541e;"
	"--on:#2f62b8;--pair:#1c7c54}\n"
	"@media(prefers-color-scheme:dark){:root{--text:#ddd;--faint:#999;--back:#17191c;"
	"--off:#e8935c;--on:#82aef5;--pair:#5fc796}}\n"
	"body{font:16px/1.5 sans-serif;max-width:40em;margin:1.5em auto;padding:0 1em;"
	"color:var(--text);background:var(--back)}\n"
	"h1{font-size:1.5em;margin:0}h2{font-size:1.1em;margin:1.8em 0 0}p{margin:.3em 0}\n"
	"dl{display:grid;grid-template-columns:max-content 1fr;gap:0 1em;font-size:.9em}\n"
	"dt{color:var(--faint)}dd{margin:0;overflow-wrap:anywhere}\n"
	"svg{display:block;width:100%;height:auto;margin-top:.6em}"
	"svg text{font:12px sans-serif;fill:var(--text)}\n"
	".off{fill:var(--off);fill-opacity:.5}.on{fill:var(--on);fill-opacity:.5}"
	".pair{fill:var(--pair);fill-opacity:.6}.far{stroke:var(--text)}\n"
	".box{fill-opacity:.3}.median{stroke-width:2}.off.median{stroke:var(--off)}"
	".on.median{stroke:var(--on)}\n"
	".axis{stroke:var(--faint);fill:none}.one{stroke:var(--faint);stroke-dasharray:4 3}"
	".interval{stroke:var(--pair);stroke-width:2;fill:none}\n"
	".judged{font-size:.8em;border:1px solid;border-radius:.4em;padding:0 .4em}\n";

/* The name of a file may contain any bytes; the page is text. */
static void put_escaped(FILE *f, const char *text)
{
	size_t length;

	for (; *text; text += length ? length : 1) {
		length = text_character(text);
		if (*text == '\n')
			fputc('\n', f);
		else if (!length)
			fputs("&#65533;", f);
		else if (strchr("<>&\"", *text))
			fprintf(f, "&#%d;", *text);
		else
			fwrite(text, 1, length, f);
	}
}

static void put_fact(FILE *f, const char *name, const char *value)
{
	fprintf(f, "<dt>%s<dd>", name);
	put_escaped(f, value);
	fputc('\n', f);
}

/* The processor by its name, where the kernel tells it; else only what kind it is. */
static void processor(char *name, size_t size, const char *kind)
{
	FILE *f = fopen("/proc/cpuinfo", "re");
	char line[256], *colon;

	snprintf(name, size, "%s", kind);
	while (f && fgets(line, sizeof(line), f)) {
		colon = strchr(line, ':');
		if (strncmp(line, "model name", 10) || !colon)
			continue;
		line[strcspn(line, "\n")] = '\0';
		snprintf(name, size, "%s", colon + 2);
		break;
	}
	if (f)
		fclose(f);
}

static void put_facts(FILE *f, const struct comparison *c)
{
	char text[512], name[256], spin[64] = "", taskrun[64] = "";
	time_t now = time(NULL);
	struct utsname u = { 0 };
	struct tm local;

	uname(&u);
	processor(name, sizeof(name), u.machine);
	fputs("<dl>\n", f);
	put_fact(f, "command", c->command ? c->command : c->what);
	if (c->spin)
		snprintf(spin, sizeof(spin), ", there REGWAIT_SPIN=%s", c->spin);
	if (c->taskrun)
		snprintf(taskrun, sizeof(taskrun), ", there REGWAIT_TASKRUN=%s", c->taskrun);
	snprintf(text, sizeof(text), "off and %s%s%s%s%s",
		 c->both_off ? "off: what shows is noise" : "on",
		 c->ringfd ? ", there REGWAIT_RINGFD=" : "", c->ringfd ? c->ringfd : "", spin,
		 taskrun);
	put_fact(f, "variants", text);
	snprintf(text, sizeof(text), "%zu%s; bootstrap seed %llu", c->pairs[c->judged].nr,
		 c->interrupted ? " (interrupted)" : "", (unsigned long long)c->seed);
	put_fact(f, "pairs", text);
	snprintf(text, sizeof(text), "%llu registered or polled in the on variant%s",
		 (unsigned long long)c->gained, c->spun ? "; waits looked before they slept" : "");
	put_fact(f, "waits", text);
	strftime(text, sizeof(text), "%Y-%m-%d %H:%M %Z", localtime_r(&now, &local));
	put_fact(f, "date", text);
	snprintf(text, sizeof(text), "%s, %s, %ld CPUs (%s)", u.nodename, u.machine,
		 sysconf(_SC_NPROCESSORS_ONLN), name);
	put_fact(f, "system", text);
	snprintf(text, sizeof(text), "%s %s", u.sysname, u.release);
	put_fact(f, "kernel", text);
	put_fact(f, "version", "regwait " REGWAIT_VERSION);
	fputs("</dl>\n", f);
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

static void put_measure(FILE *f, const struct comparison *c, enum measure m)
{
	const struct pairs *p = &c->pairs[m];
	struct pair_summary s;

	if (!p->nr)
		return;
	s = pairs_summary(p, c->seed);
	fprintf(f, "<h2>%s%s</h2>\n<p>median off %.5g, on %.5g%s%s", measure_label(m),
		m == c->judged && !*c->reason ? " <span class=\"judged\">judged</span>" : "",
		s.off * measure_scale(m), s.on * measure_scale(m), *measure_unit(m) ? " " : "",
		measure_unit(m));
	if (measure_compared(c, m, &s))
		fprintf(f, "; ratio <b>%.4f</b>, 95&nbsp;%% interval %.4f to %.4f", s.ratio, s.low,
			s.high);
	else if (!*c->reason)
		fputs("; too short to be compared", f);
	fputs("</p>\n", f);
	draw_measure(f, c, m, &s);
	if (m == c->judged && s.outliers && measure_compared(c, m, &s))
		list_outliers(f, c, &s);
}

/* How the pictures are to be read. */
static void put_key(FILE *f, const struct comparison *c)
{
	bool ratios = !*c->reason;

	fprintf(f,
		"<p>Each dot is a run%s. A box reaches from quartile to quartile, the line in it "
		"is the median%s.</p>\n",
		ratios ? ", in the row of ratios a pair of runs" : "",
		ratios ? "; the bar under the ratios is the 95&nbsp;% interval of their median, "
			 "the dashed line says \"no difference\"" :
			 "");
}

int html_write(const struct comparison *c, FILE *f)
{
	struct verdict v = verdict_of(c);
	enum measure m;
	int err = 0;

	fprintf(f,
		"<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\">\n"
		"<meta name=\"viewport\" content=\"width=device-width\">\n"
		"<title>regwait compare</title>\n<style>\n%s</style>\n<p>",
		style);
	put_escaped(f, c->what);
	fprintf(f, "</p>\n<h1>%c%s</h1>\n<p>", v.word[0] - 'a' + 'A', v.word + 1);
	put_escaped(f, v.text);
	fputs("</p>\n", f);
	put_facts(f, c);
	put_key(f, c);
	put_measure(f, c, c->judged);
	for (m = 0; m < MEASURES; m++)
		if (m != c->judged)
			put_measure(f, c, m);
	/* The errno of an earlier failure may be lost; a lasting failure shows with what follows. */
	errno = 0;
	fputs("</html>\n", f);
	if (fflush(f) || ferror(f))
		err = errno ? -errno : -EIO;
	if (fclose(f) && !err)
		err = -errno;
	return err;
}
