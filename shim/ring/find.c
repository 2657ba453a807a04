/* SPDX-License-Identifier: MIT */
/*
 * Finds out what a bare number stands for. The kernel gives every ring an inode of its own, by
 * which the table knows its rings under whatever number they come back (dup, a descriptor that was
 * passed on), and takes no other ring for one of them.
 */
#include "process/fd_state.h"
#include "process/threads.h"
#include "ring/index.h"
#include "ring/ring.h"

/* Finds the ring behind a descriptor by its inode; an alias shares its original's state. */
static enum regwait_reason look_at(int fd)
{
	struct ring_info info = { .why = fd_is_inherited(fd) ? REASON_INHERITED : REASON_UNSEEN };
	struct process *p = process_peek();
	const struct ring_row *row;

	if (process_sandboxed || !table_lock(p))
		return info.why;
	row = table_by_live_fd(fd);
	if (!row)
		row = table_by_inode(fd);
	if (row)
		info = row->info;
	/* What a disabled ring is, is not kept: enabling it changes the state of one number only. */
	if (info.why != REASON_DISABLED)
		fd_state_write(fd, ring_info_fd_state(&info));
	table_unlock(p);
	return info.why;
}

/* It may have been registered while the ring was disabled, and that is not so any more. */
static enum regwait_reason look_at_index(unsigned index)
{
	struct ring_info info = { .why = REASON_UNSEEN };
	int handle = index_handle(index);

	if (handle != NO_HANDLE)
		ring_find(ring_by_number(index, true), &info);
	index_registered(index, handle, info.why);
	return info.why;
}

enum regwait_reason ring_reason(unsigned fd, bool is_index)
{
	unsigned state = is_index ? index_state(fd) : fd_state_read(fd);

	if (state)
		return fd_state_reason(state);
	if (is_index)
		return look_at_index(fd);
	/* Not worth a search at each wait. */
	if (fd >= FD_STATES || __atomic_load_n(&threads_tables_differ, __ATOMIC_RELAXED))
		return REASON_UNSEEN;
	return look_at(fd);
}

bool ring_is_still(unsigned fd)
{
	struct process *p = process_peek();
	bool is = false;

	if (process_sandboxed)
		return true;
	if (table_lock(p)) {
		is = table_by_live_fd(fd);
		table_unlock(p);
	}
	return is;
}
