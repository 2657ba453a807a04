/* SPDX-License-Identifier: MIT */
/*
 * The table of this process's rings, by descriptor. Not for waits, which know
 * their ring by its tag, but for what comes with a bare descriptor, or with a
 * struct io_uring whose memory may be gone.
 */
#ifndef REGWAIT_TABLE_H
#define REGWAIT_TABLE_H

#include "base/arena.h"
#include "base/next.h"
#include "process/fd_state.h"
#include "process/process.h"

/* Out of memory must not end the program we live in: uthash's default is exit(). */
#define HASH_NONFATAL_OOM	   1
#define uthash_nonfatal_oom(row)   ((row)->hh.tbl = NULL)
#define uthash_malloc(size)	   arena_get(&this_rings->arena, size)
#define uthash_bzero(memory, size) ((void)0) /* arena_get() has done it */
#define uthash_free(memory, size)  arena_put(&this_rings->arena, memory, size)
#include <uthash.h>

/* What is known of a ring. */
struct ring_info {
	enum regwait_reason why;   /* REASON_NONE: armed */
	enum regwait_reason later; /* of a disabled ring: the reason for when it is enabled */
	unsigned quirks;	   /* of the liburing that it was made by (base/liburing_abi.h) */
	bool has_area;		   /* of a disabled ring: our wait area is registered */
	bool napi;		   /* its waits poll devices (ring/napi.h) */
	bool pollable;	   /* of a kind whose waits of zero may be polled (wait/enter_choice.c) */
	bool region_faked; /* the program believes that it registered a region */
	const struct reg_wait *reg_waits; /* its io_uring_register_reg_wait(), or NULL */
	unsigned nr_reg_waits;
};

/* What names a ring: its structure where the caller has one, else a descriptor, or an index. */
struct ring_ref {
	const struct io_uring *ring; /* NULL: there is none */
	int fd;
	bool is_index; /* fd is a registered index of the calling thread */
};

struct ring_row {
	int fd;	    /* the key; the handle once there is no descriptor */
	int handle; /* negative: names this ring, and never another */
	struct ring_info info;
	const uint64_t *place; /* of its tag; NULL while the program has not mapped it */
	uint64_t inode;	       /* tells a ring from a later one; 0: not asked, or no fd */
	UT_hash_handle hh;
};

/* As in process/fd_state.h. */
static inline unsigned ring_info_fd_state(const struct ring_info *info)
{
	return fd_state_for(info->why, info->pollable && !info->napi);
}

/* In memory that fork wipes. */
struct rings {
	struct ring_row *rows; /* uthash, by descriptor */
	struct arena arena;
};

#define this_rings ((struct rings *)zone.table)

#define NO_HANDLE  0

/*
 * Locks the table. False: there is no process, or the lock is not available; then the caller does
 * without.
 */
bool table_lock(struct process *p);
void table_unlock(struct process *p);

/* All below: under the lock. */

/* The row with this descriptor, whichever ring it stood for. */
struct ring_row *table_by_fd(int fd);

/* The same, if the descriptor still stands for that ring. */
struct ring_row *table_by_live_fd(int fd);

/* The row of the ring that this descriptor, whatever its number, stands for. */
struct ring_row *table_by_inode(int fd);
struct ring_row *table_by_handle(int handle);

/* The row of this very ring. Its memory is compared, not touched. */
struct ring_row *table_by_ring(const struct io_uring *ring);

/* Adds a ring and gives its row; fd is negative if it has none. The key must be free. */
struct ring_row *table_add(int fd, const struct ring_info *info, const uint64_t *place);

/* The ring lives on without its descriptor. */
void table_drop_fd(struct ring_row *row);

void table_remove(struct ring_row *row);

#endif
