/* SPDX-License-Identifier: MIT */
/*
 * The stats page: a file that a process maps and counts in. Others can read it while the process
 * runs and after it was killed, and can change the mode of the process in it.
 *
 * Its path is REGWAIT_STATS_PAGE_DIR with the numeric user id, then the PID namespace and the
 * process id in that namespace (contract/stats_page_name.h): /dev/shm/regwait-1000/4026531836-4711.
 * The directory has mode 0700 and belongs to the user; whoever opens a stats page checks both, and
 * follows no symbolic link.
 *
 * The page of a live process is mapped by that process (/proc/PID/maps). The processes of another
 * PID namespace are not visible to a reader; there, the page is mapped by somebody if the kernel
 * grants no lease on the file (fcntl(2), F_SETLEASE). Every other page was left behind by a process
 * that ended, and a reader may remove it.
 *
 * The file is there from the start of the process, and is removed at exit unless REGWAIT_RUN says
 * that a reader waits for it.
 *
 * Off by default (REGWAIT_LIVE): the file of a killed process stays until a reader comes, and where
 * none ever comes, such files must not fill the memory.
 *
 * Every number is an aligned word with one writer; readers take no lock.
 */
#ifndef REGWAIT_CONTRACT_STATS_PAGE_H
#define REGWAIT_CONTRACT_STATS_PAGE_H

#include "counts.h"
#include "histogram.h"
#include "options.h"

#define REGWAIT_STATS_PAGE_DIR	   "/dev/shm/regwait-%u"
#define REGWAIT_STATS_PAGE_MAGIC   0x7469617767657200ULL /* "\0regwait" */
#define REGWAIT_STATS_PAGE_VERSION 9

/* The counts of one thread: whole cache lines, which no other thread writes. */
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
	uint64_t pid_namespace; /* as in the file's name */
	int32_t run;		/* REGWAIT_RUN, 0 without */
	char program[32];
	uint8_t mode; /* enum regwait_mode; a reader may write it (regwait set) */
	uint8_t pad[3];
	struct regwait_ring_counts rings;
	struct regwait_site_counts sites; /* written before all else, and never again */
	/* Counts of all threads that have no line of their own. */
	struct regwait_wait_counts shared_line __attribute__((aligned(128)));
	/* Followed by nr_counts regwait_thread_counts, then by nr_variants regwait_variants. */
};

#endif
