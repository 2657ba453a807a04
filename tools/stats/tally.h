/* SPDX-License-Identifier: MIT */
/*
 * Adds up the stats pages of many processes, a row for each program. A page is removed as soon as
 * its process is gone, so that a job of thousands of processes does not fill /dev/shm.
 */
#ifndef REGWAIT_TALLY_H
#define REGWAIT_TALLY_H

#include "stats_page.h"

struct tally_row {
	char program[33];
	pid_t pid; /* of the last process */
	uint64_t pid_namespace;
	unsigned processes;
	unsigned mode;
	struct counts counts;
	struct times *times; /* NULL: none were kept */
};

struct tally {
	int32_t run;	/* pages with this mark are added up */
	unsigned pages; /* how many were added */
	bool nested;	/* one was this command, which keeps the counts of what it runs to itself */
	unsigned alive; /* processes of this run that still ran at the last look */
	pid_t alive_pid; /* one of them */
	struct tally_row *rows;
	size_t nr;
	struct tally_row all; /* of all rows together; without times */
};

/* Why there may be no counts, if it is nested. */
#define TALLY_NESTED \
	"a regwait inside it took the counts of what it ran; name that program here instead"

/* Adds up and removes the stats pages of this run's processes that are gone. Returns how many. */
int tally_harvest(struct tally *t);

/* Forgets the rows; the sum stays. */
void tally_free(struct tally *t);

#endif
