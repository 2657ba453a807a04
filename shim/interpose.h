/* SPDX-License-Identifier: MIT */
/*
 * What the interposed functions have in common.
 */
#ifndef REGWAIT_INTERPOSE_H
#define REGWAIT_INTERPOSE_H

#include "config.h"
#include "next.h"

#define EXPORT __attribute__((visibility("default")))

/* The library behind us when REGWAIT=off: found once, then five instructions to it. */
extern const struct next *off_next __attribute__((visibility("hidden")));
const struct next *off_find(const void *caller) __attribute__((cold));

#define switched_off() __builtin_expect(config.mode == MODE_OFF, 0)

#define OFF_NEXT() \
	(__builtin_expect(off_next != NULL, 1) ? off_next : off_find(__builtin_return_address(0)))

#endif
