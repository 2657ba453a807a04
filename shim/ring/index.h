/* SPDX-License-Identifier: MIT */
/*
 * Registered ring descriptors: an index that belongs to one thread. Followed for bare system
 * calls that name a ring so; liburing's waits take the index out of the ring structure.
 */
#ifndef REGWAIT_INDEX_H
#define REGWAIT_INDEX_H

#include "process/fd_state.h"
#include "ring/table.h"

#define INDICES 16 /* the kernel's limit for a task */

struct index {
	int handle;    /* of the ring (ring/table.h) */
	uint8_t state; /* what it is, as in fd_state.h; it may outlive its row */
};

extern __thread struct index indices[INDICES]
	__attribute__((tls_model("initial-exec"), visibility("hidden")));

/*
 * This thread registered the ring with this handle (ring/table.h), or gave the index back. A ring
 * without descriptor may live on by its index though another thread ended it.
 */
void index_registered(unsigned index, int handle, enum regwait_reason why);
void index_unregistered(unsigned index);

/* Has this thread an index for the ring with this handle? */
bool index_leads_to(int handle);

/* The handle of the ring; NO_HANDLE if it is not known. */
static inline int index_handle(unsigned index)
{
	return index < INDICES ? indices[index].handle : NO_HANDLE;
}

/* What it stands for, as in fd_state.h; 0: not known. */
static inline unsigned index_state(unsigned index)
{
	return index < INDICES ? indices[index].state : 0;
}

/* The row of the ring that is named so. Under the table's lock. */
struct ring_row *table_by_ref(struct ring_ref ref);

#endif
