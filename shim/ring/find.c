/* SPDX-License-Identifier: MIT */
#include "process/fd_state.h"
#include "ring/index.h"
#include "ring/ring.h"

/* Finds the ring behind a descriptor by its inode; an alias shares its original's byte. */
static enum regwait_reason look_at(struct process *p, int fd)
{
	enum regwait_reason why = REASON_UNSEEN;
	const struct ring_entry *e;

	if (!table_lock(p))
		return why;
	e = table_by_live_fd(p, fd);
	if (!e)
		e = table_by_inode(p, fd);
	if (e)
		why = e->info.why;
	/* While it is disabled, an alias would not be told that it is not any more. */
	if (why != REASON_DISABLED)
		door_write(p, fd, door_for(why));
	table_unlock(p);
	return why;
}

static enum regwait_reason index_reason(unsigned index)
{
	struct ring_info info = { .why = REASON_UNSEEN };

	if (index_armed(index))
		return REASON_NONE;
	ring_find_fd(index, true, &info);
	/* It was registered while it was disabled. */
	if (!info.why)
		index_registered(index, index_handle(index), true);
	return info.why;
}

enum regwait_reason door_reason(struct process *p, unsigned fd, bool is_index)
{
	unsigned door;

	if (is_index)
		return index_reason(fd);
	/* Not worth a search at each wait. */
	if (fd >= DOORS || __atomic_load_n(&threads_tables_differ, __ATOMIC_RELAXED))
		return REASON_UNSEEN;
	door = door_read(p, fd);
	return door ? door & ~DOOR_KNOWN : look_at(p, fd);
}
