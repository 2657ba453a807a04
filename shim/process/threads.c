/* SPDX-License-Identifier: MIT */
#include <limits.h>

#include "process/fd_state.h"
#include "process/threads.h"

bool threads_cloned;
bool threads_tables_differ;

/* Whoever writes a byte at the same time looks at the flag afterwards, and takes it back. */
void threads_part(void)
{
	struct process *p = process_peek();

	__atomic_store_n(&threads_tables_differ, true, __ATOMIC_SEQ_CST);
	if (p)
		doors_close(p, 0, UINT_MAX);
}
