/* SPDX-License-Identifier: MIT */
/*
 * The coin of the modes ab and aa: xorshift64*. In a file of its own, so that a test can replace
 * it.
 */
#include "base/config.h"
#include "process/thread.h"
#include "wait/coin.h"

enum regwait_variant coin_toss(void)
{
	static __thread uint64_t state;

	if (!state)
		state = (config.seed + 1) * 0x9e3779b97f4a7c15ULL ^
			(me.offset + 1) * 0xd1342543de82ef95ULL;
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return state * 0x2545f4914f6cdd1dULL >> 63 ? VARIANT_REGISTERED : VARIANT_PLAIN;
}
