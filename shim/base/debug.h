/* SPDX-License-Identifier: MIT */
/*
 * Assertions, in builds with -DREGWAIT_DEBUG (make debug). shim/README.md says what they are for.
 */
#ifndef REGWAIT_DEBUG_H
#define REGWAIT_DEBUG_H

#ifdef REGWAIT_DEBUG
#define debug_assert(condition) \
	((condition) ? (void)0 : debug_failed(#condition, __FILE__, __LINE__))
#else
/* Compiled, so that it stays correct, but not evaluated. */
#define debug_assert(condition) ((void)sizeof((condition) ? 1 : 0))
#endif

/* Says on standard error which condition does not hold, and traps. */
void debug_failed(const char *condition, const char *file, int line)
	__attribute__((noreturn, cold, visibility("hidden")));

#endif
