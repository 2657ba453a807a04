/* SPDX-License-Identifier: MIT */
/*
 * Tells a wait that a signal handler left by siglongjmp() from one that is still going on.
 */
#include "process/threads.h"
#include "wait/nested.h"

/*
 * Is this the stack that the thread always runs on? The kernel says so, unless a program has
 * stacks that it forgets. In a sandbox it is not asked.
 */
static bool on_usual_stack(void)
{
	stack_t stack;

	return !process_sandboxed && !threads_disarm_stacks &&
	       !kernel_call(SYS_sigaltstack, 0, (long)&stack, 0, 0, 0, 0) &&
	       !(stack.ss_flags & SS_ONSTACK);
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
