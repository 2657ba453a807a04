/* SPDX-License-Identifier: MIT */
/*
 * Reports variables that were not understood, once, at the first ring or timed wait. Not at the
 * start: a preload is loaded into every shell and every ls on the way to the user's program, and
 * each of them would report.
 */
#include "base/greet.h"
#include "base/log.h"

void config_greet(void)
{
	static int greeted;

	if (__atomic_load_n(&greeted, __ATOMIC_RELAXED))
		return;
	config_load();
	if (!__atomic_exchange_n(&greeted, 1, __ATOMIC_RELAXED) && config.complained)
		log_say(config.complaints);
}
