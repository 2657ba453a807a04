/* SPDX-License-Identifier: MIT */
/*
 * Registered ring descriptors: an index that belongs to one thread. Followed for bare system
 * calls that name a ring so; liburing's waits take the index out of the ring structure.
 */
#ifndef REGWAIT_INDEX_H
#define REGWAIT_INDEX_H

#define INDICES 16		/* the kernel's limit for a task */

struct index {
	int fd;			/* + 1, so that 0 is none */
	unsigned door;		/* of the ring, as it was when it was registered */
};

extern __thread struct index indices[INDICES]
	__attribute__((tls_model("initial-exec"), visibility("hidden")));

/* This thread registered the ring behind fd under an index, or gave the index back. */
void index_registered(unsigned index, int fd);
void index_unregistered(unsigned index);

/* The descriptor under which the ring was registered, -1 if that is not known. */
static inline int index_fd(unsigned index)
{
	return index < INDICES ? indices[index].fd - 1 : -1;
}

/* What the ring was known as (door.h). */
static inline unsigned index_door(unsigned index)
{
	return index < INDICES ? indices[index].door : 0;
}

#endif
