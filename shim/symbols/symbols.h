/* SPDX-License-Identifier: MIT */
/*
 * What the interposed functions have in common.
 */
#ifndef REGWAIT_INTERPOSE_H
#define REGWAIT_INTERPOSE_H

#include "base/config.h"
#include "base/next.h"
#include "base/off.h"
#include "ring/ring.h"

#define EXPORT __attribute__((visibility("default")))

/*
 * The real function that this call goes to, if it is not our business: REGWAIT=off, or a
 * real function calls another one through the PLT on its way through ring_create(). Else
 * NULL. A constructor may come to us before ours has run.
 */
static inline const struct next *passes_to(const void *caller)
{
	const struct next *inner = ring_in_creation();

	if (!__builtin_expect(config.loaded, 1))
		config_load();
	if (__builtin_expect(inner != NULL, 0) && next_called(inner, caller))
		return inner;
	return config.mode == MODE_OFF ? off_look_up(caller) : NULL;
}

/* Passes a call on and returns, if that is all there is to do. */
#define PASS_ON_IF_DUE(name, ...) \
	do { \
		const struct next *to_ = passes_to(__builtin_return_address(0)); \
		if (to_) \
			return to_->name(__VA_ARGS__); \
	} while (0)

#endif
