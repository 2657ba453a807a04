/* SPDX-License-Identifier: MIT */
/*
 * Hands out places to threads, and takes over those of threads that are gone.
 */
#include <errno.h>
#include <stdbool.h>

#include "process/places.h"

static bool make_mutex(pthread_mutex_t *mutex)
{
	pthread_mutexattr_t attr;
	bool made;

	pthread_mutexattr_init(&attr);
	pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST);
	made = !pthread_mutex_init(mutex, &attr);
	pthread_mutexattr_destroy(&attr);
	return made;
}

static pthread_mutex_t *owner_of(struct places *p, unsigned i)
{
	return i < p->nr_near ? &p->near[i] : &p->owner[i];
}

int places_take(struct places *p)
{
	pthread_mutex_t *owner;
	unsigned i;

	for (i = 0; i < p->used; i++) {
		owner = owner_of(p, i);
		if (pthread_mutex_trylock(owner) == EOWNERDEAD) {
			pthread_mutex_consistent(owner);
			return i;
		}
	}
	if (i == p->nr)
		return -1;
	owner = owner_of(p, i);
	if (!make_mutex(owner) || pthread_mutex_trylock(owner))
		return -1;
	p->used++;
	return i;
}
