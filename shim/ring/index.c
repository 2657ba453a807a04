/* SPDX-License-Identifier: MIT */
#include "ring/index.h"

__thread struct index indices[INDICES];

void index_registered(unsigned index, int handle, bool armed)
{
	if (index < INDICES)
		indices[index] = (struct index) { handle, armed };
}

void index_unregistered(unsigned index)
{
	index_registered(index, NO_HANDLE, false);
}

bool index_leads_to(int handle)
{
	unsigned i;

	for (i = 0; i < INDICES; i++)
		if (handle != NO_HANDLE && indices[i].handle == handle)
			return true;
	return false;
}
