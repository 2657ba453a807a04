/* SPDX-License-Identifier: MIT */
/*
 * Registered ring descriptors: an index that belongs to one thread. Followed for bare system
 * calls that name a ring so; liburing's waits take the index out of the ring structure.
 */
#ifndef REGWAIT_INDEX_H
#define REGWAIT_INDEX_H

#include "ring/table.h"

#define INDICES 16		/* the kernel's limit for a task */

struct index {
	int handle;		/* of the ring (table.h) */
	bool armed;		/* what the ring is; it may outlive its entry in the table */
};

extern __thread struct index indices[INDICES]
	__attribute__((tls_model("initial-exec"), visibility("hidden")));

/*
 * This thread registered the ring with this handle (table.h), or gave the index back. A ring
 * without descriptor may live on by its index though another thread ended it.
 */
void index_registered(unsigned index, int handle, bool armed);
void index_unregistered(unsigned index);

/* Has this thread an index for the ring with this handle? */
bool index_leads_to(int handle);

/* The handle of the ring; NO_HANDLE if it is not known. */
static inline int index_handle(unsigned index)
{
	return index < INDICES ? indices[index].handle : NO_HANDLE;
}

/* Is it armed? */
static inline bool index_armed(unsigned index)
{
	return index < INDICES && indices[index].armed;
}

#endif
