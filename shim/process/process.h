/* SPDX-License-Identifier: MIT */
/*
 * What one process keeps: the wait area, the ring table, the counts.
 *
 * All of it (but the counts, where they are a file) lies in one private mapping under
 * MADV_WIPEONFORK, so that a child made by any kind of fork, raw clone included, finds zeroes: no
 * slot that the parent's kernel side still reads, no lock that another thread held, no rings that
 * are not its own. Zeroes mean "not live"; the child then makes a mapping of its own and leaves
 * the wiped one where it is, since the thread that forked still points into it.
 */
#ifndef REGWAIT_PROCESS_H
#define REGWAIT_PROCESS_H

#include <pthread.h>
#include <stdbool.h>

#include "base/kernel.h"
#include "process/stats_page.h"

#define SLOTS_MAX	4095
#define SLOT_WORDS	((SLOTS_MAX + 63) / 64)
#define DOORS		65536	/* descriptors that bare enters are followed on */

struct ring_entry;

struct process {
	uint32_t live;			/* 1, or 0 in a child that inherited the mapping */
	unsigned nr_slots;
	uint64_t nonce;			/* marks our rings (ring.h); low bits are clear */
	struct reg_wait *slots;		/* the wait area: what is registered, as is slots_size */
	size_t slots_size;		/* bytes, whole pages */
	/* Written when threads come and go; what is above is read at every wait. */
	uint64_t taken[SLOT_WORDS] __attribute__((aligned(128)));	/* one bit for each slot */
	int32_t owner[SLOTS_MAX];	/* thread id */
	int64_t searched;		/* when owners that are gone were last looked for in vain */

	pthread_mutex_t lock;		/* of all below; refuses its owner a second time */
	struct ring_entry *rings;	/* uthash, by descriptor */
	struct ring_entry *spare;	/* entries to be used again */
	unsigned nr_armed;		/* armed rings that live */
	unsigned departed[2];		/* those that ended in this second, in the one before */
	int64_t departed_second;

	struct regwait_page *page;	/* the counts; a file, or the rest of this mapping */
	bool page_is_file;
	bool sandboxed;			/* system calls may be forbidden from now on (seccomp) */

	unsigned door_highest;		/* none beyond it was ever written */
	uint8_t doors[DOORS];		/* door.h; of memory, a page for 4096 in use */
};

/*
 * The mode, where it can be changed while we run: in the page, once there is
 * one. Anything but MODE_ON is for wait_otherwise().
 */
extern unsigned char *live_mode __attribute__((visibility("hidden")));

/* Our process's state, made at need. NULL: there is no memory for it. */
struct process *process_get(void);

/* The same, but NULL where none was made yet. */
struct process *process_peek(void);

/*
 * Not a child of vfork, which has our memory, but an id and descriptors of its own? Asks the
 * kernel, unless the process has entered a sandbox, where that may be death.
 */
bool process_is_mine(const struct process *p);

/* It is about to enter one. False: not this process, but a child of vfork, or none of ours. */
bool process_entering_sandbox(struct process *p);

#endif
