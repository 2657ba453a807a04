/* SPDX-License-Identifier: MIT */
#include "door.h"
#include "index.h"
#include "table.h"

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

enum regwait_reason door_reason(struct process *p, unsigned fd, bool is_index)
{
	unsigned door;
	int real = fd;

	if (is_index) {
		if (index_door(fd) == DOOR_ARMED)
			return REASON_NONE;
		real = index_fd(fd);
		if (real < 0)
			return REASON_UNSEEN;
	}
	door = is_index ? 0 : door_read(p, real);
	return door ? door & ~DOOR_KNOWN : look_at(p, real);
}
