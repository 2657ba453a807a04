/* SPDX-License-Identifier: MIT */
/*
 * Places that threads own, one each: slots of the wait area, lines of counts.
 *
 * A thread owns a place by a robust mutex, which it locks and never unlocks. When the thread ends,
 * in whatever way, the kernel marks the mutex, and another thread may take the place. So we need no
 * thread-specific key to learn of the end: a program has a limited number of keys, and their
 * destructors run before the thread's last signal handlers.
 *
 * A process with one thread locks no mutex: nobody could take the place, and in a forked child
 * locking costs more than the wait that it is for. The mutex is locked before another thread is
 * made (places_lock()). If we do not see that a thread is made, the first thread keeps the place
 * for as long as the process lives.
 */
#ifndef REGWAIT_PLACES_H
#define REGWAIT_PLACES_H

#include <pthread.h>
#include <stdbool.h>

struct places {
	unsigned nr;
	unsigned used;		/* places before this one were owned at some time */
	pthread_mutex_t *owner; /* a mutex for each place, in memory that fork wipes */
	pthread_mutex_t *near;	/* mutexes of the first places, in place of those above */
	unsigned nr_near;
	bool first_unlocked; /* the first place is owned, but its mutex is not locked */
};

/*
 * Makes the calling thread the owner of a place; -1: all are owned. alone: it is certain that there
 * is no other thread. Under the process's lock.
 */
int places_take(struct places *p, bool alone);

/* Locks the mutex of the calling thread's place, if that was left out. Under the process's lock. */
void places_lock(struct places *p, unsigned i);

#endif
