/* SPDX-License-Identifier: MIT */
/*
 * The stats page: a file that a process maps and counts in, so that others can read it while it
 * runs and after it was killed, and can change its mode.
 *
 * It is REGWAIT_STATS_PAGE_DIR with the numeric user id, then the PID namespace and the process id
 * in it (contract/stats_page_name.h): /dev/shm/regwait-1000/4026531836-4711. The directory has mode
 * 0700 and the user as its owner; whoever opens a page checks both, and follows no symbolic link. A
 * page belongs to a live process if that process has it mapped (/proc/PID/maps). Of another PID
 * namespace a reader does not see the processes; there, somebody has it mapped if the kernel grants
 * no lease on it (fcntl(2), F_SETLEASE). Any other page is of the past, and a reader may remove it.
 *
 * It is there from the start of the process, and removed at its exit unless
 * REGWAIT_RUN says that somebody waits to read it.
 *
 * Off by default (REGWAIT_LIVE): the page of a killed process stays behind until
 * somebody looks, and memory must not fill up where nobody ever does.
 *
 * Every number is an aligned word that one side writes; readers take no lock.
 */
#ifndef REGWAIT_CONTRACT_STATS_PAGE_H
#define REGWAIT_CONTRACT_STATS_PAGE_H

#include "counts.h"
#include "histogram.h"
#include "options.h"

#define REGWAIT_STATS_PAGE_DIR	   "/dev/shm/regwait-%u"
#define REGWAIT_STATS_PAGE_MAGIC   0x7469617767657200ULL /* "\0regwait" */
#define REGWAIT_STATS_PAGE_VERSION 5

/* The counts of one thread: whole cache lines, written by nobody else. */
struct regwait_thread_counts {
	struct regwait_wait_counts waits;
} __attribute__((aligned(128)));

struct regwait_stats_page {
	uint64_t magic;
	uint32_t version;	/* of this layout */
	uint32_t size;		/* of the whole page, bytes */
	uint32_t counts_offset; /* of the first thread's counts, bytes */
	uint32_t counts_stride;
	uint32_t nr_counts;
	uint32_t variants_offset; /* of the first slot's histograms; 0: not started as ab or aa */
	uint32_t nr_variants;	  /* slots that have histograms */
	int32_t pid;
	int64_t started;	/* CLOCK_REALTIME when the page was made, ns */
	uint64_t pid_namespace; /* as in its name */
	int32_t run;		/* REGWAIT_RUN, 0 without */
	char program[32];
	uint8_t mode; /* enum regwait_mode; a reader may write it (regwait set) */
	uint8_t pad[3];
	struct regwait_ring_counts rings;
	/* Of threads that have no slot: added to by any of them. */
	struct regwait_wait_counts slotless __attribute__((aligned(128)));
	/* Then nr_counts regwait_thread_counts, and nr_variants regwait_variants. */
};

#endif
