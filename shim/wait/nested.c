/* SPDX-License-Identifier: MIT */
/*
 * Tells waits that were left from waits that go on.
 */
#include "wait/nested.h"

/* Is this code running on an alternate signal stack? In a sandbox there is nobody to ask. */
static bool on_other_stack(void)
{
	stack_t stack;

	return process_sandboxed ||
	       kernel_call(SYS_sigaltstack, 0, (long)&stack, 0, 0, 0, 0) ||
	       stack.ss_flags & SS_ONSTACK;
}

/*
 * No two waits that go on can share a frame. A wait that goes on below us has an older one, which
 * lies higher, unless we are a handler with a stack of its own.
 */
bool slot_is_busy(const void *frame)
{
	if (me.busy && (frame == me.busy || (!is_nested(frame) && !on_other_stack())))
		me.busy = NULL;
	return me.busy;
}
