/* SPDX-License-Identifier: MIT */
/*
 * Bare enters that look before they sleep: REGWAIT_SPIN.
 */
#ifndef REGWAIT_ENTER_LOOK_H
#define REGWAIT_ENTER_LOOK_H

#include "wait/enter.h"

/* For one that is not registered. True: it was made so, and *ret is what it returned. */
bool enter_looks(const struct enter *e, int *ret) __attribute__((visibility("hidden")));

/* In place of enter_by_slot_slowly(). */
int enter_by_slot_looking(const struct enter *e, struct origin origin)
	__attribute__((visibility("hidden")));

#endif
