/* SPDX-License-Identifier: MIT */
/*
 * Tells a wait that a signal handler left by siglongjmp() from one that is still going on.
 */
#include "wait/nested.h"

/*
 * Is this the stack that the thread always runs on? That can be told while it has an alternate one
 * and is not on it. Without one it may be on one all the same, which the kernel forgets while a
 * handler runs there (SS_AUTODISARM). In a sandbox it is not asked.
 */
static bool on_usual_stack(void)
{
	stack_t stack;

	return !process_sandboxed &&
	       !kernel_call(SYS_sigaltstack, 0, (long)&stack, 0, 0, 0, 0) &&
	       !(stack.ss_flags & (SS_ONSTACK | SS_DISABLE)) && stack.ss_size;
}

bool slot_is_busy(const void *frame)
{
	if (!me.busy || is_nested(frame))
		return me.busy;
	if (frame == me.busy || on_usual_stack())
		me.busy = NULL;
	else
		me.unsure = me.busy;
	return me.busy;
}
