/* SPDX-License-Identifier: MIT */
/*
 * Keeps what each thread's registered ring descriptors stand for.
 */
#include "ring/index.h"

__thread struct index indices[INDICES];

static void set(unsigned index, int handle, unsigned state)
{
	if (index < INDICES)
		indices[index] = (struct index){ handle, state };
}

/* State 0 for a disabled ring: it is looked up at each use, until the ring is enabled. */
void index_registered(unsigned index, int handle, enum regwait_reason why)
{
	set(index, handle, why == REASON_DISABLED ? 0 : fd_state_for(why, false));
}

void index_unregistered(unsigned index)
{
	set(index, NO_HANDLE, 0);
}

bool index_leads_to(int handle)
{
	unsigned i;

	for (i = 0; i < INDICES; i++)
		if (handle != NO_HANDLE && indices[i].handle == handle)
			return true;
	return false;
}

struct ring_row *table_by_ref(struct ring_ref ref)
{
	if (ref.ring)
		return table_by_ring(ref.ring);
	return ref.is_index ? table_by_handle(index_handle(ref.fd)) : table_by_current_fd(ref.fd);
}
