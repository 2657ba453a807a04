/* SPDX-License-Identifier: MIT */
/*
 * The waits that the faster paths do not take.
 */
#ifndef REGWAIT_CHOICE_H
#define REGWAIT_CHOICE_H

#include "wait/engine.h"

/* Finds out how this wait goes, and waits. */
int wait_otherwise(const struct wait *w, struct origin origin)
	__attribute__((noinline, cold, visibility("hidden")));

#endif
