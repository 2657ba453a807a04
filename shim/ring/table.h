/* SPDX-License-Identifier: MIT */
/*
 * The table of this process's rings, by descriptor. Waits do not use it, since they know their ring
 * by its tag. It is for calls that have only a descriptor, or a struct io_uring whose memory may be
 * gone.
 */
#ifndef REGWAIT_TABLE_H
#define REGWAIT_TABLE_H

#include "base/arena.h"
#include "base/next.h"
#include "process/fd_state.h"
#include "process/process.h"

/* uthash would call exit() when it gets no memory; we must not end the program. */
#define HASH_NONFATAL_OOM	   1
#define uthash_nonfatal_oom(row)   ((row)->hh.tbl = NULL)
#define uthash_malloc(size)	   arena_get(&this_rings->arena, size)
#define uthash_bzero(memory, size) ((void)0) /* arena_get() returns zeroed memory */
#define uthash_free(memory, size)  arena_put(&this_rings->arena, memory, size)
#include <uthash.h>

/* What is known of a ring. */
struct ring_info {
	enum regwait_reason why;   /* REASON_NONE: armed */
	enum regwait_reason later; /* of a disabled ring: the reason it has once enabled */
	unsigned quirks;	   /* of the liburing that made it (base/liburing_abi.h) */
	bool has_area;		   /* of a disabled ring: our wait area is registered */
	bool napi;		   /* its waits poll devices (ring/napi.h) */
	bool pollable;		   /* of a kind on which bare timeouts of zero may be polled */
	bool sleeps;		   /* of a kind whose waits sleep, and nothing polls for them */
	bool region_faked;	   /* we told the program that its region is registered */
	const struct reg_wait *reg_waits; /* by io_uring_register_reg_wait(), or NULL */
	unsigned nr_reg_waits;
};

/* What names a ring: its structure, if the caller has one; else a descriptor, or an index. */
struct ring_ref {
	const struct io_uring *ring; /* NULL: the caller has none */
	int fd;
	bool is_index; /* fd is a registered index of the calling thread */
};

struct ring_row {
	int fd;	    /* the key; the handle, if there is no descriptor */
	int handle; /* negative; never used for another ring */
	struct ring_info info;
	const uint64_t *tag; /* where its tag is; NULL: the program has not mapped it */
	uint64_t inode;	     /* tells the ring from a later one; 0: not known */
	UT_hash_handle hh;
};

/* As in process/fd_state.h. */
static inline unsigned ring_info_fd_state(const struct ring_info *info)
{
	return fd_state_for(info->why, info->pollable && !info->napi) |
	       (info->sleeps && !info->napi ? FD_LOOKS : 0);
}

/* Lies in memory that fork wipes. */
struct rings {
	struct ring_row *rows; /* uthash, by descriptor */
	struct arena arena;
};

#define this_rings ((struct rings *)zone.table)

#define NO_HANDLE  0

/*
 * Locks the table. False: there is no process state, or the lock is not available; then the caller
 * does without the table.
 */
bool table_lock(struct process *p);
void table_unlock(struct process *p);

/* All functions below are called under the lock. */

/* The row with this descriptor, though the descriptor may stand for another ring by now. */
struct ring_row *table_by_fd(int fd);

/* The row with this descriptor, if the descriptor still stands for the row's ring. */
struct ring_row *table_by_current_fd(int fd);

/*
 * The row of the ring that this descriptor stands for, under whatever number the ring was entered.
 */
struct ring_row *table_by_inode(int fd);
struct ring_row *table_by_handle(int handle);

/* The row of this ring. The address of its memory is compared, and the memory is not touched. */
struct ring_row *table_by_ring(const struct io_uring *ring);

/*
 * Adds a ring and returns its row, or NULL. fd is negative if the ring has no descriptor. There
 * must be no row with this fd.
 */
struct ring_row *table_add(int fd, const struct ring_info *info, const uint64_t *tag);

/* The ring lives on without its descriptor. */
void table_drop_fd(struct ring_row *row);

void table_remove(struct ring_row *row);

#endif
