/* SPDX-License-Identifier: MIT */
/*
 * The table of this process's rings, by descriptor. Not for waits, which know
 * their ring by its tag, but for what comes with a bare descriptor, or with a
 * struct io_uring whose memory may be gone.
 */
#ifndef REGWAIT_TABLE_H
#define REGWAIT_TABLE_H

/* Out of memory must not end the program we live in: uthash's default is exit(). */
#define HASH_NONFATAL_OOM 1
#define uthash_nonfatal_oom(entry) ((entry)->hh.tbl = NULL)
#include <uthash.h>

#include "base/next.h"
#include "process/process.h"

/* What is known of a ring. */
struct ring_info {
	enum regwait_reason why;	/* REASON_NONE: armed */
	const struct next *next;	/* whose functions its user calls */
	enum regwait_reason later;	/* of a disabled ring: what stands against arming it */
	bool has_area;			/* of a disabled ring: our wait area is registered */
	bool napi;			/* its waits poll devices (napi.h) */
	bool region_faked;		/* the program believes that it registered a region */
	const struct reg_wait *entries;	/* its io_uring_register_reg_wait(), or NULL */
	unsigned nr_entries;
};

struct ring_entry {
	int fd;				/* the key; the handle once there is no descriptor */
	int handle;			/* negative: names this ring, and never another */
	struct ring_info info;
	const uint64_t *place;		/* of its tag; NULL while the program has not mapped it */
	uint64_t holding;		/* an index of the thread holder (ringfd.h); 0: none */
	pid_t holder;
	uint64_t inode;			/* tells a ring from a later one; 0: not asked, or no fd */
	struct ring_entry *spare;	/* the next one, of those that are no ring's any more */
	UT_hash_handle hh;
};

#define NO_HANDLE 0

/*
 * Locks the table. False: there is none, or a signal handler interrupted its
 * own thread's work on it; then the caller does without.
 */
bool table_lock(struct process *p);
void table_unlock(struct process *p);

/* All below: under the lock. */

/* The entry with this descriptor, whichever ring it stood for. */
struct ring_entry *table_by_fd(struct process *p, int fd);

/* The same, if the descriptor still stands for that ring. */
struct ring_entry *table_by_live_fd(struct process *p, int fd);

/* The entry of the ring that this descriptor, whatever its number, stands for. */
struct ring_entry *table_by_inode(struct process *p, int fd);
struct ring_entry *table_by_handle(struct process *p, int handle);

/* The entry of this very ring. Its memory is compared, not touched. */
struct ring_entry *table_by_ring(struct process *p, const struct io_uring *ring);

/* Adds a ring and gives its handle; fd is negative if it has none. The key must be free. */
int table_add(struct process *p, int fd, const struct ring_info *info, const uint64_t *place);

/* The ring lives on without its descriptor. */
void table_drop_fd(struct process *p, struct ring_entry *e);

void table_remove(struct process *p, struct ring_entry *e);

#endif
