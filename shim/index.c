/* SPDX-License-Identifier: MIT */
#include "door.h"
#include "index.h"

__thread struct index indices[INDICES];

void index_registered(unsigned index, int fd)
{
	struct process *p = process_peek();

	if (index >= INDICES)
		return;
	indices[index].fd = fd + 1;
	indices[index].door = p && door_reason(p, fd, false) == REASON_NONE ? DOOR_ARMED : 0;
}

void index_unregistered(unsigned index)
{
	if (index < INDICES)
		indices[index] = (struct index) { 0 };
}
