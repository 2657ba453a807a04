/* SPDX-License-Identifier: MIT */
/*
 * Reads a stats page into memory of our own.
 *
 * A stats page belongs to a process that may be broken or hostile, and root looks at those of all
 * users. So it is read and not mapped: a file that is truncated meanwhile would end a reader that
 * maps it by SIGBUS. And no value in it is used before it is checked, or read again after that.
 */
#ifndef REGWAIT_STATS_PAGE_READER_H
#define REGWAIT_STATS_PAGE_READER_H

#include <stdbool.h>
#include <sys/types.h>

#include "contract/names.h"
#include "contract/stats_page.h"

/* What is counted, of one process or of many. */
struct counts {
	struct regwait_ring_counts rings;
	struct regwait_wait_counts waits;
	struct regwait_site_counts sites;
};

/* Histograms of both variants, summed over all threads. */
struct times {
	uint64_t bucket[VARIANT_END][HISTOGRAM_BUCKETS];
};

struct stats_page {
	int fd;			/* the file */
	uid_t uid;		/* the owner of its directory */
	char name[64];		/* its name there */
	int pid;		/* as its name says */
	uint64_t pid_namespace; /* in which the process has that id */
	pid_t seen_as;		/* its id in our namespace; 0: not visible, or not looked for */
	pid_t maker;		/* the id in the stats page itself */
	int32_t run;		/* REGWAIT_RUN */
	int64_t started;
	unsigned mode;
	char program[33];     /* printable characters only */
	struct counts counts; /* filled in by stats_page_count(), */
	double counted;	      /* and when that was: seconds_now() */
	/* From the header, when it was checked: where the rest lies. */
	uint32_t nr_counts;
	uint32_t nr_times;
	uint32_t times_offset; /* 0: there are no histograms */
};

/*
 * Reads the header of the stats page in fd, which becomes its own. uid, name, and what the name
 * says must be set already. 0, or -EPERM if others may have written to it, -EPROTO if it is no
 * stats page or of another version.
 */
int stats_page_read(struct stats_page *p, int fd);

/* By which its process is named: its id here, or if it is not visible, that in its namespace. */
static inline pid_t stats_page_pid(const struct stats_page *p)
{
	return p->seen_as ? p->seen_as : p->pid;
}

/* Reads the counts and the mode. 0, -EPROTO if the page has been cut short meanwhile. */
int stats_page_count(struct stats_page *p);

/* Adds its histograms to times. 0; -ENODATA if it has none, -EPROTO. */
int stats_page_add_times(const struct stats_page *p, struct times *sum);

/* Changes the mode of the process. The page must be opened for writing. 0, -errno. */
int stats_page_set_mode(const struct stats_page *p, enum regwait_mode mode);

/*
 * Does the process that made the stats page still have it mapped? Yes is assumed of a process that
 * is not visible, in another PID namespace, if the file is open or mapped.
 */
bool stats_page_alive(const struct stats_page *p);

void stats_page_close(struct stats_page *p);

#endif
