/* SPDX-License-Identifier: MIT */
/*
 * What the interposed functions have in common.
 */
#ifndef REGWAIT_INTERPOSE_H
#define REGWAIT_INTERPOSE_H

#include "config.h"
#include "next.h"
#include "off.h"
#include "ring.h"

#define EXPORT __attribute__((visibility("default")))

/*
 * Not our business: REGWAIT=off, or a real function calls another one through the PLT on
 * its way through ring_create(). A constructor may come to us before ours has run.
 */
static inline bool passes_on(void)
{
	if (__builtin_expect(!config.loaded, 0))
		config_load();
	return config.mode == MODE_OFF || ring_in_creation();
}

/* Whom to pass it on to. */
static inline const struct next *next_passed(const void *caller)
{
	const struct next *inner = ring_in_creation();

	return inner ? inner : off_look_up(caller);
}

#define PASS_ON(name, ...) next_passed(__builtin_return_address(0))->name(__VA_ARGS__)

#endif
