/* SPDX-License-Identifier: MIT */
/*
 * Registered ring descriptors. An index belongs to one thread. What it stands for is kept for bare
 * system calls that name a ring by its index; liburing's waits have the ring's structure.
 */
#ifndef REGWAIT_INDEX_H
#define REGWAIT_INDEX_H

#include "process/fd_state.h"
#include "ring/table.h"

#define INDICES 16 /* the kernel's limit for a task */

struct index {
	int handle;    /* of the ring (ring/table.h) */
	uint8_t state; /* as in fd_state.h; it may outlive the ring's row */
};

extern __thread struct index indices[INDICES]
	__attribute__((tls_model("initial-exec"), visibility("hidden")));

/*
 * This thread registered the ring with this handle (ring/table.h), or gave the index back. A ring
 * that was ended by another thread may live on by its index.
 */
void index_registered(unsigned index, int handle, enum regwait_reason why);
void index_unregistered(unsigned index);

/* Does this thread have an index of the ring with this handle? */
bool index_leads_to(int handle);

/* The handle of the ring that an index stands for; NO_HANDLE: not known. */
static inline int index_handle(unsigned index)
{
	return index < INDICES ? indices[index].handle : NO_HANDLE;
}

/* The state of the ring that an index stands for, as in fd_state.h; 0: not known. */
static inline unsigned index_state(unsigned index)
{
	return index < INDICES ? indices[index].state : 0;
}

/* The row of the ring that ref names. Under the table's lock. */
struct ring_row *table_by_ref(struct ring_ref ref);

#endif
