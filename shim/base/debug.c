/* SPDX-License-Identifier: MIT */
/*
 * What a failed assertion does. It traps and does not call abort(): the program may handle SIGABRT,
 * and a debugger should stop at the fault.
 */
#include "base/debug.h"
#include "base/log.h"

void debug_failed(const char *condition, const char *file, int line)
{
	log_write("%s:%d: does not hold: %s", file, line, condition);
	__builtin_trap();
}
