/* SPDX-License-Identifier: MIT */
/*
 * Keeps the rows of rings, and tells whether a descriptor still stands for the ring of its row.
 */
#include <string.h>
#include <sys/stat.h>

#include "base/debug.h"
#include "process/fd_state.h"
#include "ring/table.h"
#include "ring/tag.h"

_Static_assert(sizeof(struct rings) + 1024 < ZONE_TABLE, "room for some rows in the zone");

bool table_lock(struct process *p)
{
	if (!p || !process_lock(p))
		return false;
	if (!this_rings->arena.end)
		arena_begin(&this_rings->arena, this_rings + 1, ZONE_TABLE - sizeof(struct rings),
			    zone.more_table, ZONE_MORE_TABLE);
	return true;
}

void table_unlock(struct process *p)
{
	process_unlock(p);
}

/* Every ring has an anonymous inode of its own. 0: not known. */
static uint64_t inode_of(int fd)
{
	struct stat st;
	int saved = errno;
	bool ok = fd >= 0 && !process_sandboxed && !fstat(fd, &st);

	errno = saved;
	return ok ? st.st_ino : 0;
}

struct ring_row *table_by_fd(int fd)
{
	struct ring_row *row;

	debug_assert(process_lock_is_held(&this_process));
	HASH_FIND_INT(this_rings->rows, &fd, row);
	return row;
}

/*
 * The inode is looked up when it is first needed, so that making a ring costs no further system
 * call. While the state of the descriptor is known, we saw no close of it, so its inode is still
 * the ring's.
 */
static bool inode_known(struct ring_row *row)
{
	if (!row->inode && row->fd >= 0 && fd_state_read(row->fd))
		row->inode = inode_of(row->fd);
	return row->inode;
}

struct ring_row *table_by_current_fd(int fd)
{
	struct ring_row *row = fd >= 0 ? table_by_fd(fd) : NULL;

	return row && inode_known(row) && row->inode == inode_of(fd) ? row : NULL;
}

struct ring_row *table_by_inode(int fd)
{
	uint64_t inode = inode_of(fd);
	struct ring_row *row, *tmp;

	debug_assert(process_lock_is_held(&this_process));
	if (inode)
		HASH_ITER(hh, this_rings->rows, row, tmp)
			if (inode_known(row) && row->inode == inode)
				return row;
	return NULL;
}

/*
 * A search, because few rings are named by an index, and few bare system calls are made on these.
 */
struct ring_row *table_by_handle(int handle)
{
	struct ring_row *row, *tmp;

	debug_assert(process_lock_is_held(&this_process));
	if (handle == NO_HANDLE)
		return NULL;
	HASH_ITER(hh, this_rings->rows, row, tmp)
		if (row->handle == handle)
			return row;
	return NULL;
}

struct ring_row *table_by_ring(const struct io_uring *ring)
{
	const uint64_t *tag = tag_address(ring);
	struct ring_row *row, *tmp, *newest = NULL;

	debug_assert(process_lock_is_held(&this_process));
	if (ring->ring_fd >= 0) {
		row = table_by_fd(ring->ring_fd);
		if (row)
			return row->tag == tag ? row : NULL;
	}
	/* The structure may still hold a number that the program has closed. */
	HASH_ITER(hh, this_rings->rows, row, tmp)
		/*
		 * A lower handle is newer. An older ring, whose end we did not see, had its memory
		 * in this place.
		 */
		if (row->fd < 0 && row->tag == tag && (!newest || row->handle < newest->handle))
			newest = row;
	return newest;
}

/* Not -1: a structure without a descriptor holds that. */
static int new_handle(void)
{
	return -2 - (int)(__atomic_fetch_add(&area.kept.last_handle, 1, __ATOMIC_RELAXED) &
			  (INT32_MAX >> 1));
}

/* False: there is no memory for the table, and the row is given back. */
static bool insert(struct ring_row *row)
{
	HASH_ADD_INT(this_rings->rows, fd, row);
	/* Without memory for more buckets, the table keeps those that it has. */
	if (!row->hh.tbl && this_rings->rows) {
		this_rings->rows->hh.tbl->noexpand = 1;
		HASH_ADD_INT(this_rings->rows, fd, row);
	}
	if (row->hh.tbl)
		return true;
	arena_put(&this_rings->arena, row, sizeof(*row));
	return false;
}

struct ring_row *table_add(int fd, const struct ring_info *info, const uint64_t *tag)
{
	struct ring_row *row;

	debug_assert(process_lock_is_held(&this_process));
	debug_assert(fd < 0 || !table_by_fd(fd));
	row = arena_get(&this_rings->arena, sizeof(*row));
	if (!row)
		return NULL;
	row->handle = new_handle();
	row->fd = fd >= 0 ? fd : row->handle;
	row->info = *info;
	row->tag = tag;
	if (fd >= FD_STATES)
		row->inode = inode_of(fd);
	if (!insert(row))
		return NULL;
	if (fd >= 0)
		fd_state_write(fd, ring_info_fd_state(info));
	return row;
}

/* Needs no new memory: the table does not grow, or uses memory that it had before. */
static void insert_again(struct ring_row *row)
{
	UT_hash_table *table = this_rings->rows ? this_rings->rows->hh.tbl : NULL;
	unsigned noexpand = table ? table->noexpand : 0;

	if (table)
		table->noexpand = 1;
	insert(row);
	if (table)
		table->noexpand = noexpand;
}

void table_drop_fd(struct ring_row *row)
{
	debug_assert(process_lock_is_held(&this_process));
	if (row->fd >= 0)
		fd_state_write(row->fd, 0);
	HASH_DEL(this_rings->rows, row);
	row->fd = row->handle;
	row->inode = 0;
	insert_again(row);
}

void table_remove(struct ring_row *row)
{
	debug_assert(process_lock_is_held(&this_process));
	if (row->fd >= 0)
		fd_state_write(row->fd, 0);
	HASH_DEL(this_rings->rows, row);
	arena_put(&this_rings->arena, row, sizeof(*row));
}
