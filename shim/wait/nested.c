/* SPDX-License-Identifier: MIT */
/*
 * Tells a wait that a signal handler left by siglongjmp() from one that has not returned yet.
 */
#include "process/threads.h"
#include "wait/nested.h"

/*
 * Does the thread run on its usual stack, and not on an alternate signal stack? The kernel tells,
 * unless the program has alternate stacks that the kernel forgets. In a sandbox it cannot be asked.
 */
static bool on_usual_stack(void)
{
	stack_t stack;

	return !process_sandboxed && !threads_may_disarm_stacks() &&
	       !kernel_call(SYS_sigaltstack, 0, (long)&stack, 0, 0, 0, 0) &&
	       !(stack.ss_flags & SS_ONSTACK);
}

/* Asking (wait/ask.h) has changed what other waits do not write. */
static void slot_was_left(void)
{
	me.busy = NULL;
	me.slot->sigmask_sz = KERNEL_SIGSET_SIZE;
}

bool slot_is_busy(const void *frame)
{
	if (!me.busy || is_nested(frame))
		return me.busy;
	if (frame == me.busy || on_usual_stack())
		slot_was_left();
	else
		me.unsure = me.busy;
	return me.busy;
}
