/* SPDX-License-Identifier: MIT */
/*
 * The stats page of this process: a file that others can read, or private memory.
 */
#ifndef REGWAIT_STATS_PAGE_H
#define REGWAIT_STATS_PAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "contract/stats_page.h"

/* Bytes of a page with so many lines of counts, whole memory pages. */
size_t stats_page_size(unsigned nr_lines);

/*
 * Fills in what a reader needs to understand the page, which holds zeroes. Without a file there
 * are no histograms, since nobody could read them.
 */
void stats_page_init(struct regwait_stats_page *page, unsigned nr_lines, bool is_file);

/*
 * Makes a page that is a file and maps it, under a name by which no reader finds it yet.
 * NULL: it is not wanted, or not possible; then private memory will do.
 */
struct regwait_stats_page *stats_page_map(unsigned nr_lines);

/* Gives the file its name. */
void stats_page_publish(const struct regwait_stats_page *page);

/* Unmaps a page that was not published, and removes its file. */
void stats_page_unmap(struct regwait_stats_page *page);

/* Removes the published file, at exit; nothing happens in a forked child. */
void stats_page_remove(const struct regwait_stats_page *page);

/* Sees to the memory of line i, where the page is a file. False: there is none left. */
bool stats_page_reserve(struct regwait_stats_page *page, unsigned i);

/* The histograms of thread i, or NULL. */
static inline struct regwait_variants *stats_page_variants(struct regwait_stats_page *page,
							   unsigned i)
{
	return page->variants_offset ?
		       &((struct regwait_variants *)((char *)page + page->variants_offset))[i] :
		       NULL;
}

/* The counts of thread i. */
static inline struct regwait_wait_counts *stats_page_counts(struct regwait_stats_page *page,
							    unsigned i)
{
	return &((struct regwait_thread_counts *)((char *)page + page->counts_offset))[i].waits;
}

#endif
