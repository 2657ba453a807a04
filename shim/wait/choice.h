/* SPDX-License-Identifier: MIT */
/*
 * The way of a wait that is neither registered at once nor known to be plain.
 */
#ifndef REGWAIT_CHOICE_H
#define REGWAIT_CHOICE_H

#include "wait/engine.h"

/* Whatever cannot be registered right away, and is not known to be plain: finds out, and waits. */
int wait_otherwise(const struct wait *w, struct site site)
	__attribute__((noinline, cold, visibility("hidden")));

#endif
