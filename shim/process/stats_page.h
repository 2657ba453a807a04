/* SPDX-License-Identifier: MIT */
/*
 * The stats page of this process: in a file that others can read, or in private memory.
 */
#ifndef REGWAIT_STATS_PAGE_H
#define REGWAIT_STATS_PAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "contract/stats_page.h"

/*
 * What became of the sites at the start (sites/). Forked children have the same code, and so the same
 * counts.
 */
extern struct regwait_site_counts site_counts __attribute__((visibility("hidden")));

/* The size in bytes of a stats page with this many lines of counts, rounded up to memory pages. */
size_t stats_page_size(unsigned nr_lines);

/*
 * Fills in the header of a stats page that holds zeroes. Without a file it gets no histograms,
 * since nobody could read them.
 */
void stats_page_init(struct regwait_stats_page *page, unsigned nr_lines, bool is_file);

/*
 * Makes a stats page in a file and maps it. The file has a hidden name, by which no reader finds it
 * yet. NULL: a file is not wanted, or not possible; then private memory serves.
 */
struct regwait_stats_page *stats_page_map(unsigned nr_lines);

/* Gives the file the name by which readers find it. */
void stats_page_publish(const struct regwait_stats_page *page);

/* Unmaps a stats page that was not published, and removes its file. */
void stats_page_unmap(struct regwait_stats_page *page);

/* Removes the published file, at exit. Does nothing in a forked child. */
void stats_page_remove(const struct regwait_stats_page *page);

/* Reserves the memory of line i of a stats page in a file. False: /dev/shm has none left. */
bool stats_page_reserve(struct regwait_stats_page *page, unsigned i);

/* The histograms of slot i, or NULL. */
static inline struct regwait_variants *stats_page_variants(struct regwait_stats_page *page,
							   unsigned i)
{
	return page->variants_offset ?
		       &((struct regwait_variants *)((char *)page + page->variants_offset))[i] :
		       NULL;
}

/* The line of counts with number i. */
static inline struct regwait_wait_counts *stats_page_counts(struct regwait_stats_page *page,
							    unsigned i)
{
	return &((struct regwait_thread_counts *)((char *)page + page->counts_offset))[i].waits;
}

#endif
