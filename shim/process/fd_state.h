/* SPDX-License-Identifier: MIT */
/*
 * What a descriptor stands for, where there is nothing but the descriptor: one byte for each,
 * read without a lock by bare enters.
 *
 * A byte is written when a ring is made, enabled or first seen, and cleared before the
 * descriptor is closed or replaced (interpose_close.c). A descriptor whose byte is zero is
 * looked at once: the kernel gives every ring an inode of its own, by which the table knows
 * its rings under whatever number they come back (dup, a descriptor that was passed on), and
 * takes no other ring for one of them.
 *
 * The bytes lie in memory that fork wipes: a child begins with none.
 */
#ifndef REGWAIT_DOOR_H
#define REGWAIT_DOOR_H

#include "contract/reasons.h"
#include "process/process.h"
#include "process/threads.h"

#define DOOR_KNOWN	0x80
#define DOOR_ARMED	(DOOR_KNOWN | REASON_NONE)
_Static_assert(REASON_END < DOOR_KNOWN, "a reason must fit beside the bit");

static inline unsigned door_read(const struct process *p, unsigned fd)
{
	return fd < DOORS ? __atomic_load_n(&p->doors[fd], __ATOMIC_RELAXED) : 0;
}

static inline void door_write(struct process *p, unsigned fd, unsigned door)
{
	unsigned highest = __atomic_load_n(&p->door_highest, __ATOMIC_RELAXED);

	if (fd >= DOORS)
		return;
	while (fd > highest &&
	       !__atomic_compare_exchange_n(&p->door_highest, &highest, fd, true,
					    __ATOMIC_RELAXED, __ATOMIC_RELAXED))
		;
	__atomic_store_n(&p->doors[fd], door, __ATOMIC_SEQ_CST);
	if (__atomic_load_n(&threads_tables_differ, __ATOMIC_SEQ_CST))
		__atomic_store_n(&p->doors[fd], 0, __ATOMIC_RELAXED);
}

/* Of these descriptors, nothing is known any more. */
static inline void doors_close(struct process *p, unsigned first, unsigned last)
{
	unsigned highest = __atomic_load_n(&p->door_highest, __ATOMIC_RELAXED), fd;

	for (fd = first; fd <= last && fd <= highest; fd++)
		if (door_read(p, fd))
			door_write(p, fd, 0);
}

static inline unsigned door_for(enum regwait_reason why)
{
	return DOOR_KNOWN | why;
}

/*
 * The descriptor or, of this thread, the registered index: what is known of it, or becomes
 * known now.
 */
enum regwait_reason door_reason(struct process *p, unsigned fd, bool is_index);

#endif
