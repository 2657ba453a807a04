/* SPDX-License-Identifier: MIT */
/*
 * Does the process have threads, and do they share what threads usually share?
 */
#ifndef REGWAIT_THREADS_H
#define REGWAIT_THREADS_H

#include <stdbool.h>

#include "base/libc.h"

#ifndef SS_AUTODISARM /* 4.7; the kernel's header cannot be included with libc's */
#define SS_AUTODISARM (1U << 31)
#endif

/* Some threads are not known to libc. Once true, it stays true. */
extern bool threads_cloned __attribute__((visibility("hidden")));

/*
 * Some threads have a descriptor table of their own, so that one number may stand for two files.
 * Then nothing is kept of any descriptor (process/fd_state.h). Once true, it stays true.
 */
extern bool threads_tables_differ __attribute__((visibility("hidden")));

/*
 * A thread has an alternate signal stack that the kernel forgets while a handler runs on it
 * (SS_AUTODISARM), so the kernel cannot say whether a thread is on it. Once true, it stays true.
 */
extern bool threads_disarm_stacks __attribute__((visibility("hidden")));

/* valgrind runs the program, and puts handlers' frames where it likes (wait/look.c). Set at the start. */
extern bool threads_simulated __attribute__((visibility("hidden")));

/* How many threads change their alternate stack at this moment (symbols/stack.h). */
extern unsigned threads_changing_stacks __attribute__((visibility("hidden")));

/* May a thread be on an alternate stack of which the kernel does not know any more? */
static inline bool threads_may_disarm_stacks(void)
{
	return __atomic_load_n(&threads_changing_stacks, __ATOMIC_SEQ_CST) ||
	       __atomic_load_n(&threads_disarm_stacks, __ATOMIC_SEQ_CST);
}

/* Is it certain that no other thread shares our memory? */
static inline bool threads_are_none(void)
{
	return libc_is_glibc() && __libc_single_threaded &&
	       !__atomic_load_n(&threads_cloned, __ATOMIC_RELAXED);
}

#endif
