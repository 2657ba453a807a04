/* SPDX-License-Identifier: MIT */
/*
 * Whether the process has threads, and whether they share what threads usually share.
 */
#ifndef REGWAIT_THREADS_H
#define REGWAIT_THREADS_H

#include <stdbool.h>
#include <sys/single_threaded.h>

/* There are threads that libc does not know of. Never becomes false again. */
extern bool threads_cloned __attribute__((visibility("hidden")));

/*
 * Threads have descriptor tables of their own, so that one number stands for different files in
 * them: then nothing is kept of any descriptor (process/fd_state.h). Never becomes false again.
 */
extern bool threads_tables_differ __attribute__((visibility("hidden")));

/*
 * Some alternate signal stack is one that the kernel forgets while a handler runs on it
 * (SS_AUTODISARM): then it cannot say whether a thread is on it. Never becomes false again.
 */
extern bool threads_disarm_stacks __attribute__((visibility("hidden")));

/* Is it certain that nobody shares our memory? */
static inline bool threads_are_none(void)
{
	return __libc_single_threaded && !__atomic_load_n(&threads_cloned, __ATOMIC_RELAXED);
}

#endif
