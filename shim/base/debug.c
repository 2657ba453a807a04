/* SPDX-License-Identifier: MIT */
/*
 * Where an assertion fails. A trap, and not abort(): the program may have a handler for SIGABRT,
 * and a debugger shall stop where the fault is.
 */
#include "base/debug.h"
#include "base/log.h"

void debug_failed(const char *condition, const char *file, int line)
{
	log_write("%s:%d: does not hold: %s", file, line, condition);
	__builtin_trap();
}
