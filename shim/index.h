/* SPDX-License-Identifier: MIT */
/*
 * Registered ring descriptors: an index that belongs to one thread. Followed only for the
 * sake of the few bare system calls that name a ring so and that our wait area would
 * mislead; waits take the index out of the ring structure.
 */
#ifndef REGWAIT_INDEX_H
#define REGWAIT_INDEX_H

#include "ring.h"

/* This thread registered the ring behind fd under an index, or gave the index back. */
void index_registered(unsigned index, int fd);
void index_unregistered(unsigned index);

/* The descriptor under which the ring was registered, -1 if that is not known. */
int index_fd(unsigned index);

#endif
