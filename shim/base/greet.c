/* SPDX-License-Identifier: MIT */
/*
 * Tells what was wrong with the variables, once, when the program first comes to us: a preload is
 * inherited by every shell and ls on the way to it.
 */
#include "base/greet.h"
#include "base/log.h"

void config_greet(void)
{
	static int greeted;

	if (__atomic_load_n(&greeted, __ATOMIC_RELAXED))
		return;
	config_load();
	if (!__atomic_exchange_n(&greeted, 1, __ATOMIC_RELAXED))
		log_say(config.complaints);
}
