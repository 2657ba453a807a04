/* SPDX-License-Identifier: MIT */
/*
 * Finds and opens the stats pages of running and of dead processes.
 */
#ifndef REGWAIT_STATS_PAGE_H
#define REGWAIT_STATS_PAGE_H

#include <stdbool.h>
#include <sys/types.h>

#include "contract/names.h"
#include "contract/stats_page.h"

struct stats_page {
	struct regwait_page *map;
	pid_t pid;
	uid_t uid;
	bool alive;		/* the process runs and has the page mapped */
	/* Of its header, as it was when it was checked: the process may write it any time. */
	size_t size;
	uint32_t nr_counts;
	uint32_t arms_offset;	/* 0: it keeps no times */
	char program[33];	/* what the page says, as far as it can be shown */
};

/*
 * Opens the page of a process. 0, or -errno: -ENOENT if there is none, -EACCES
 * if it is another user's, -EPROTO if it is not a page or of another version.
 */
int stats_page_open(struct stats_page *p, pid_t pid, bool writable);
/* Says what stands in the way of a page, by what stats_page_open returned. Returns EXIT_NO. */
int stats_page_explain(pid_t pid, int err);

/*
 * Why a program of ours, under the shim, made no page: a sentence, or NULL if nothing hindered
 * it, so that the shim was not there. times: a page with histograms, for ab and aa.
 */
const char *stats_page_obstacle(bool times);

void stats_page_close(struct stats_page *p);

/* Removes the file of a page. */
void stats_page_delete(const struct stats_page *p);

/*
 * Calls f for each page that can be read: the caller's own, and as root
 * everybody's. What is broken is passed over. Returns how many there were.
 */
int stats_page_each(void (*f)(struct stats_page *p, void *arg), void *arg);

/* Removes what processes that are gone left behind. Returns how many files. */
int stats_page_clean(void);

/* All threads' counts together. */
struct regwait_wait_counts stats_page_waits(const struct stats_page *p);
uint64_t stats_page_plain(const uint64_t *plain);

#endif
