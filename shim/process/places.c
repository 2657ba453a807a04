/* SPDX-License-Identifier: MIT */
/*
 * Hands out places to threads, and takes over those of threads that have ended.
 */
#include <errno.h>

#include "base/arch/arch.h"
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

static pthread_mutex_t *owner_of(const struct places *p, unsigned i)
{
	return i < p->nr_near ? &p->near[i] : &p->owner[i];
}

static ARCH_ALIGNS_STACK bool lock_new(struct places *p, unsigned i)
{
	return make_mutex(owner_of(p, i)) && !pthread_mutex_trylock(owner_of(p, i));
}

/* Takes over the place of a thread that has ended; -1: there is none. */
static ARCH_ALIGNS_STACK int take_over(const struct places *p)
{
	pthread_mutex_t *owner;
	unsigned i;

	for (i = p->first_unlocked; i < p->used; i++) {
		owner = owner_of(p, i);
		if (pthread_mutex_trylock(owner) == EOWNERDEAD) {
			pthread_mutex_consistent(owner);
			return i;
		}
	}
	return -1;
}

int places_take(struct places *p, bool alone)
{
	int i = take_over(p);

	if (i >= 0)
		return i;
	i = p->used;
	if (p->used == p->nr)
		return -1;
	if (alone && !i)
		p->first_unlocked = true;
	else if (!lock_new(p, i))
		return -1;
	p->used++;
	return i;
}

void places_lock(struct places *p, unsigned i)
{
	if (!i && p->first_unlocked && lock_new(p, i))
		p->first_unlocked = false;
}
