/* SPDX-License-Identifier: MIT */
/*
 * Finds out which ring a bare number stands for. The kernel gives every ring an inode of its own.
 * By the inode the table recognises a ring under any number (after dup, or passed over a socket),
 * and takes no other ring for it.
 */
#include "process/fd_state.h"
#include "process/threads.h"
#include "ring/index.h"
#include "ring/ring.h"

/*
 * Finds the ring behind a descriptor by its inode. A copy of a descriptor gets the original's
 * state.
 */
static enum regwait_reason look_at(int fd)
{
	struct ring_info info = { .why = fd_is_inherited(fd) ? REASON_INHERITED : REASON_UNSEEN };
	struct process *p = process_peek();
	const struct ring_row *row;

	if (process_sandboxed || !table_lock(p))
		return info.why;
	row = table_by_current_fd(fd);
	if (!row)
		row = table_by_inode(fd);
	if (row)
		info = row->info;
	/*
	 * The state of a disabled ring is not kept for this number: when the ring is enabled, only
	 * the state of one number changes.
	 */
	if (info.why != REASON_DISABLED)
		fd_state_write(fd, ring_info_fd_state(&info));
	table_unlock(p);
	return info.why;
}

/*
 * The index may have been registered while the ring was disabled; it may have been enabled since.
 */
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
	/* Nothing is kept for these descriptors, and a search at each wait would cost too much. */
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
		is = table_by_current_fd(fd);
		table_unlock(p);
	}
	return is;
}
