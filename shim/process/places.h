/* SPDX-License-Identifier: MIT */
/*
 * Places that threads own, one each: slots of the wait area, lines of counts.
 *
 * A place is owned by a robust mutex that its thread locks and never unlocks. When the thread
 * ends, however that comes about, the kernel marks the mutex, and the place may be taken by
 * another. So no thread-specific key is needed to learn of it: programs have a
 * limited number of keys, and their destructors run before the thread's last signal handlers.
 *
 * While a process has one thread there is nobody to look, and no mutex is locked: that would cost a
 * forked child more than the wait that it is for. It is made up for before a thread is made. Where
 * that is not seen, the place is the first thread's for as long as the process lives.
 */
#ifndef REGWAIT_PLACES_H
#define REGWAIT_PLACES_H

#include <pthread.h>
#include <stdbool.h>

struct places {
	unsigned nr;
	unsigned used;		/* those before it were owned once */
	pthread_mutex_t *owner; /* of each; in memory that fork wipes */
	pthread_mutex_t *near;	/* of the first ones, in place of those above */
	unsigned nr_near;
	bool first_unlocked; /* the first is owned, but its mutex is not locked */
};

/*
 * Makes a place the calling thread's; -1: all are others'. Is it certain that there is no other
 * thread? Under the process's lock.
 */
int places_take(struct places *p, bool alone);

/* Locks the mutex of the calling thread's place, if it is not. Under the process's lock. */
void places_lock(struct places *p, unsigned i);

#endif
