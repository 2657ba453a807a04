/* SPDX-License-Identifier: MIT */
/*
 * Places that threads own, one each: slots of the wait area, lines of counts.
 *
 * A place is owned by a robust mutex that its thread locks and never unlocks. When the thread
 * ends, however that comes about, the kernel marks the mutex, and the place may be taken by
 * another. So no thread-specific key is needed to learn of it: programs have a
 * limited number of keys, and their destructors run before the thread's last signal handlers.
 */
#ifndef REGWAIT_PLACES_H
#define REGWAIT_PLACES_H

#include <pthread.h>

struct places {
	unsigned nr;
	unsigned used;		/* those before it were owned once */
	pthread_mutex_t *owner; /* of each; in memory that fork wipes */
	pthread_mutex_t *near;	/* of the first ones, in place of those above */
	unsigned nr_near;
};

/* Makes a place the calling thread's; -1: all are others'. Under the process's lock. */
int places_take(struct places *p);

#endif
