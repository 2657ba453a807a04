/* SPDX-License-Identifier: MIT */
/*
 * What one process keeps: the wait area, the ring table, the counts.
 *
 * All of it lies in one private mapping under MADV_WIPEONFORK, so that a child
 * made by any kind of fork, raw clone included, finds zeroes: no slot that the
 * parent's kernel side still reads, no lock that another thread held, no rings
 * that are not its own. Zeroes mean "not live"; the child then makes a mapping
 * of its own and leaves the wiped one where it is, since the thread that forked
 * still points into it.
 */
#ifndef REGWAIT_PROCESS_H
#define REGWAIT_PROCESS_H

#include <pthread.h>
#include <stdbool.h>

#include "contract/counts.h"
#include "kernel.h"

#define SLOTS_MAX	4095
#define SLOT_WORDS	((SLOTS_MAX + 63) / 64)

struct ring_entry;

/* The counts of one thread: whole cache lines, written by nobody else. */
struct thread_counts {
	struct regwait_wait_counts waits;
} __attribute__((aligned(128)));

struct process {
	uint32_t live;			/* 1, or 0 in a child that inherited the mapping */
	unsigned nr_slots;
	uint64_t nonce;			/* marks our rings (ring.h); low bits are clear */
	struct reg_wait *slots;		/* the wait area: this and slots_size are what is registered */
	size_t slots_size;		/* bytes, whole pages */
	uint64_t taken[SLOT_WORDS];	/* one bit for each slot */

	pthread_mutex_t lock;		/* of all below; refuses its owner a second time */
	struct ring_entry *rings;	/* uthash, by descriptor */
	unsigned nr_armed;		/* armed rings that live */
	unsigned departed[2];		/* armed rings that ended in this second, in the one before */
	int64_t departed_second;
	struct regwait_ring_counts ring_counts;

	/* Of threads without a slot: the only counts that are shared. */
	struct regwait_wait_counts slotless __attribute__((aligned(128)));
	struct thread_counts counts[];	/* one for each slot */
};

/* Our process's state, made at need. NULL: there is no memory for it. */
struct process *process_get(void);

/* The same, but NULL where none was made yet. */
struct process *process_peek(void);

#endif
