/* SPDX-License-Identifier: MIT */
/*
 * What threads have in common, as far as it is not the usual.
 */
#ifndef REGWAIT_THREADS_H
#define REGWAIT_THREADS_H

#include <stdbool.h>
#include <sys/single_threaded.h>

/* There are threads that libc does not know of. Never becomes false again. */
extern bool threads_cloned __attribute__((visibility("hidden")));

/*
 * One descriptor stands for this in one thread and for that in another, each having a table of
 * its own: what bare enters know of descriptors (fd_state.h) means nothing any more, and so there
 * is nothing known of any. Never becomes false again.
 */
extern bool threads_tables_differ __attribute__((visibility("hidden")));

/* Is it certain that nobody shares our memory? */
static inline bool threads_are_none(void)
{
	return __libc_single_threaded && !__atomic_load_n(&threads_cloned, __ATOMIC_RELAXED);
}

#endif
