/* SPDX-License-Identifier: MIT */
#include "index.h"

#define INDICES 16		/* the kernel's limit for a task */

static __thread int fds[INDICES];	/* descriptor + 1 */

void index_registered(unsigned index, int fd)
{
	if (index < INDICES)
		fds[index] = fd + 1;
}

void index_unregistered(unsigned index)
{
	if (index < INDICES)
		fds[index] = 0;
}

int index_fd(unsigned index)
{
	return index < INDICES ? fds[index] - 1 : -1;
}
