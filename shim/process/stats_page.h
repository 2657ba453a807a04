/* SPDX-License-Identifier: MIT */
/*
 * The stats page of this process: a file that others can read, or private memory.
 */
#ifndef REGWAIT_PAGE_H
#define REGWAIT_PAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "contract/stats_page.h"

/* Bytes of a page with so many lines of counts, whole memory pages. */
size_t page_size(unsigned nr_lines);

/*
 * Fills in what a reader needs to understand the page, which holds zeroes. Without a file there
 * are no histograms, since nobody could read them.
 */
void page_init(struct regwait_page *page, unsigned nr_lines, bool is_file);

/*
 * Makes a page that is a file and maps it, under a name by which no reader finds it yet.
 * NULL: it is not wanted, or not possible; then private memory will do.
 */
struct regwait_page *page_map(unsigned nr_lines);

/* Gives the file its name. */
void page_publish(const struct regwait_page *page);

/* Unmaps a page that was not published, and removes its file. */
void page_unmap(struct regwait_page *page);

/* Removes the published file, at exit; nothing happens in a forked child. */
void page_remove(const struct regwait_page *page);

/* Sees to the memory of line i, where the page is a file. False: there is none left. */
bool page_reserve(struct regwait_page *page, unsigned i);

/* The histograms of thread i, or NULL. */
static inline struct regwait_arms *page_arms(struct regwait_page *page, unsigned i)
{
	return page->arms_offset ? &((struct regwait_arms *)((char *)page + page->arms_offset))[i] :
				   NULL;
}

/* The counts of thread i. */
static inline struct regwait_wait_counts *page_counts(struct regwait_page *page, unsigned i)
{
	return &((struct regwait_thread_counts *)((char *)page + page->counts_offset))[i].waits;
}

#endif
