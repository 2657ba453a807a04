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

int places_take(struct places *p)
{
	unsigned i;

	for (i = 0; i < p->used; i++)
		if (pthread_mutex_trylock(&p->owner[i]) == EOWNERDEAD) {
			pthread_mutex_consistent(&p->owner[i]);
			return i;
		}
	if (i == p->nr || !make_mutex(&p->owner[i]) || pthread_mutex_trylock(&p->owner[i]))
		return -1;
	p->used++;
	return i;
}
