/* SPDX-License-Identifier: MIT */
/*
 * Reads one stats page. The header says how little of it is trusted.
 */
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/statistics.h"
#include "process_maps.h"
#include "stats_page.h"

#define MOST_THREADS 4096 /* REGWAIT_SLOTS allows fewer */

static int read_at(int fd, void *to, size_t size, off_t at)
{
	ssize_t n = pread(fd, to, size, at);

	return n == (ssize_t)size ? 0 : n < 0 ? -errno : -EPROTO;
}

/* Does the header fit the size of the file? */
static bool fits(const struct regwait_stats_page *h, uint64_t size)
{
	uint64_t counts_end =
		sizeof(*h) + (uint64_t)h->nr_counts * sizeof(struct regwait_thread_counts);

	return h->magic == REGWAIT_STATS_PAGE_MAGIC && h->version == REGWAIT_STATS_PAGE_VERSION &&
	       h->size == size && h->nr_counts > 0 && h->nr_counts <= MOST_THREADS &&
	       h->counts_stride == sizeof(struct regwait_thread_counts) &&
	       h->counts_offset == sizeof(*h) && counts_end <= size &&
	       (!h->variants_offset ||
		(h->variants_offset % _Alignof(struct regwait_variants) == 0 &&
		 h->nr_variants <= MOST_THREADS &&
		 h->variants_offset + h->nr_variants * sizeof(struct regwait_variants) <= size));
}

/* The name may lack its terminating zero, and need not be text. */
static void copy_program(struct stats_page *p, const struct regwait_stats_page *h)
{
	size_t i;

	for (i = 0; i < sizeof(h->program) && h->program[i]; i++)
		p->program[i] = h->program[i] >= ' ' && h->program[i] <= '~' ? h->program[i] : '?';
	p->program[i] = '\0';
}

static void add_waits(struct regwait_wait_counts *sum, const struct regwait_wait_counts *w)
{
	const uint64_t *from = (const uint64_t *)w;
	uint64_t *to = (uint64_t *)sum;
	size_t i;

	for (i = 0; i < sizeof(*sum) / sizeof(*to); i++)
		to[i] += from[i];
}

int stats_page_read(struct stats_page *p, int fd)
{
	struct regwait_stats_page header;
	struct stat st;
	int err;

	if (fstat(fd, &st) || !S_ISREG(st.st_mode) || st.st_uid != p->uid || (st.st_mode & 077))
		return -EPERM;
	err = read_at(fd, &header, sizeof(header), 0);
	if (err)
		return err;
	if (!fits(&header, st.st_size))
		return -EPROTO;
	p->fd = fd;
	p->maker = header.pid;
	p->run = header.run;
	p->mode = header.mode;
	p->started = header.started;
	p->nr_counts = header.nr_counts;
	p->times_offset = header.variants_offset;
	p->nr_times = header.nr_variants;
	copy_program(p, &header);
	return 0;
}

/* Adds up the threads' counts, a few threads at a time. */
static int add_threads(struct stats_page *p)
{
	struct regwait_thread_counts threads[32];
	uint32_t i, j, nr;
	int err;

	for (i = 0; i < p->nr_counts; i += nr) {
		nr = p->nr_counts - i;
		if (nr > sizeof(threads) / sizeof(threads[0]))
			nr = sizeof(threads) / sizeof(threads[0]);
		err = read_at(p->fd, threads, nr * sizeof(threads[0]),
			      sizeof(struct regwait_stats_page) + (off_t)i * sizeof(threads[0]));
		if (err)
			return err;
		for (j = 0; j < nr; j++)
			add_waits(&p->counts.waits, &threads[j].waits);
	}
	return 0;
}

static int read_counts(struct stats_page *p)
{
	struct regwait_stats_page header;
	int err = read_at(p->fd, &header, sizeof(header), 0);

	if (err)
		return err;
	p->mode = header.mode;
	p->counts.rings = header.rings;
	p->counts.sites = header.sites;
	p->counts.waits = header.shared_line;
	return add_threads(p);
}

/* How far the counts and their time may be apart, in seconds; and how often they are read to that end. */
#define TOGETHER 0.001
#define TRIES	 5

/* If the processor is taken away from us between the two, a rate made of them is wrong. */
int stats_page_count(struct stats_page *p)
{
	int err, tries = 0;
	double began;

	do {
		began = seconds_now();
		err = read_counts(p);
		p->counted = seconds_now();
	} while (!err && p->counted - began > TOGETHER && ++tries < TRIES);
	return err;
}

int stats_page_add_times(const struct stats_page *p, struct times *sum)
{
	struct regwait_variants times;
	uint32_t i;
	int err, v, b;

	if (!p->times_offset)
		return -ENODATA;
	for (i = 0; i < p->nr_times; i++) {
		err = read_at(p->fd, &times, sizeof(times),
			      p->times_offset + (off_t)i * sizeof(times));
		if (err)
			return err;
		for (v = 0; v < VARIANT_END; v++)
			for (b = 0; b < HISTOGRAM_BUCKETS; b++)
				sum->bucket[v][b] += times.variant[v].bucket[b];
	}
	return 0;
}

int stats_page_set_mode(const struct stats_page *p, enum regwait_mode mode)
{
	uint8_t byte = mode;

	return pwrite(p->fd, &byte, 1, offsetof(struct regwait_stats_page, mode)) == 1 ? 0 : -errno;
}

/*
 * The kernel grants a lease if nobody has the file open for writing, or mapped so. That does not
 * say who has: a forked child has its parent's stats page mapped.
 */
static bool mapped_by_somebody(int fd)
{
	if (fcntl(fd, F_SETLEASE, F_RDLCK))
		return errno == EAGAIN;
	fcntl(fd, F_SETLEASE, F_UNLCK);
	return false;
}

bool stats_page_alive(const struct stats_page *p)
{
	struct stat st;
	int mapped;

	if (p->maker != p->pid || fstat(p->fd, &st))
		return false;
	/* The processes of another PID namespace are not visible, but the file is. */
	mapped = p->seen_as ? process_maps_file(p->seen_as, &st) : -ENOENT;
	return mapped < 0 ? mapped_by_somebody(p->fd) : mapped;
}

void stats_page_close(struct stats_page *p)
{
	close(p->fd);
}
