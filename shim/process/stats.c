/* SPDX-License-Identifier: MIT */
/*
 * Writes the counts at exit, as lines of a key and a value.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "base/config.h"
#include "base/format.h"
#include "base/libc.h"
#include "base/log.h"
#include "contract/names.h"
#include "contract/version.h"
#include "process/process.h"
#include "process/stats.h"
#include "process/stats_page.h"

/*
 * Not on the stack: exit() may be called by a thread with a stack of 16 KiB, or in a signal
 * handler.
 */
static struct text {
	char buf[8192];
	size_t len;
} text;

static pid_t loaded_by;

static __attribute__((format(printf, 2, 3))) void add(struct text *t, const char *format, ...)
{
	va_list args;
	size_t n;

	va_start(args, format);
	n = format_list(t->buf + t->len, sizeof(t->buf) - t->len, format, args);
	va_end(args);
	if (t->len + n < sizeof(t->buf))
		t->len += n;
}

static void add_reasons(struct text *t, const char *key, const uint64_t *plain)
{
	enum regwait_reason why;

	for (why = REASON_NONE + 1; why < REASON_END; why++)
		if (plain[why])
			add(t, "%s.%s %" PRIu64 "\n", key, reason_name(why), plain[why]);
}

static void add_unspun(struct text *t, const uint64_t *unspun)
{
	enum look_reason why;

	for (why = LOOK_REASON_NONE + 1; why < LOOK_REASON_END; why++)
		if (unspun[why])
			add(t, "waits.unspun.%s %" PRIu64 "\n", look_reason_name(why), unspun[why]);
}

static void add_waits(struct regwait_wait_counts *sum, const struct regwait_wait_counts *c)
{
	const uint64_t *from = (const uint64_t *)c;
	uint64_t *to = (uint64_t *)sum;
	size_t i;

	/* Other threads may still be counting; each number is one aligned word. */
	for (i = 0; i < sizeof(*sum) / sizeof(*to); i++)
		to[i] += __atomic_load_n(&from[i], __ATOMIC_RELAXED);
}

/* Only if there were plans: most programs have none. */
static void add_sites(struct text *t)
{
	enum site_reason why;

#define X(field, name, text) \
	if (site_counts.field) \
		add(t, "%s %" PRIu64 "\n", name, site_counts.field);
	REGWAIT_SITE_COUNTS(X)
#undef X
	for (why = SITE_REASON_NONE + 1; why < SITE_REASON_END; why++)
		if (site_counts.left[why])
			add(t, "sites.left.%s %" PRIu64 "\n", site_reason_name(why),
			    site_counts.left[why]);
}

static void add_counts(struct text *t, struct process *p)
{
	struct regwait_wait_counts waits = { 0 };
	struct regwait_ring_counts rings = { 0 };
	unsigned i;

	if (p) {
		rings = p->stats_page->rings;
		add_waits(&waits, &p->stats_page->shared_line);
		for (i = 0; i < p->line_owners.nr; i++)
			add_waits(&waits, stats_page_counts(p->stats_page, i));
	}
#define X(field, name, text) add(t, "%s %" PRIu64 "\n", name, rings.field);
	REGWAIT_RING_COUNTS(X)
#undef X
	add_reasons(t, "rings.plain", rings.plain);
#define X(field, name, text) add(t, "%s %" PRIu64 "\n", name, waits.field);
	REGWAIT_WAIT_COUNTS(X)
#undef X
	add_reasons(t, "waits.plain", waits.plain);
#define X(field, name, text) \
	if (waits.field) \
		add(t, "%s %" PRIu64 "\n", name, waits.field);
	REGWAIT_SPIN_COUNTS(X)
	REGWAIT_OBSERVED_COUNTS(X)
#undef X
	add_unspun(t, waits.unspun);
}

/* Copies the file name and replaces every %p by the process id. False: the name is too long. */
static bool expand(char *to, size_t size, const char *from)
{
	size_t n = 0;

	for (; *from && n + 1 < size; from++) {
		if (from[0] == '%' && from[1] == 'p') {
			n += format_text(to + n, size - n, "%d", (int)getpid());
			from++;
		} else {
			to[n++] = *from;
		}
	}
	if (*from || n >= size)
		return false;
	to[n] = '\0';
	return true;
}

static void write_out(const struct text *t)
{
	static char name[4096];
	int fd;

	if (!strcmp(config.stats, "1")) {
		log_say(t->buf);
		return;
	}
	if (!expand(name, sizeof(name), config.stats)) {
		log_write("REGWAIT_STATS: the file name is too long");
		return;
	}
	fd = open(name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0666);
	if (fd < 0) {
		log_write("REGWAIT_STATS: cannot write %s: %s", name, strerrordesc_np(errno));
		return;
	}
	if (!log_text(fd, t->buf))
		log_write("REGWAIT_STATS: %s: not all counts could be written", name);
	kernel_close(fd);
}

void stats_start(void)
{
	if (config.stats[0])
		loaded_by = getpid();
}

/*
 * A forked child that made no ring and waited on none writes nothing. The program itself always
 * writes, if only to say that it made no ring.
 */
void stats_write(void)
{
	struct process *p = process_peek();
	int saved = errno;
	char name[64], *space;
	struct text *t = &text;

	if (p && p->stats_page_is_file)
		stats_page_remove(p->stats_page);
	if (!config.stats[0] || (!p && getpid() != loaded_by))
		return;
	t->len = 0;
	add(t, "regwait.version %s\n", REGWAIT_VERSION);
	add(t, "process.pid %d\n", (int)getpid());
	format_printable(name, sizeof(name), program_invocation_short_name);
	for (space = name; (space = strchr(space, ' '));)
		*space = '?';
	add(t, "process.name %s\n", name);
	add(t, "mode %s\n", mode_name(*live_mode));
	add_sites(t);
	add_counts(t, p);
	write_out(t);
	errno = saved;
}
