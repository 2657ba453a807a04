/* SPDX-License-Identifier: MIT */
/*
 * Gives threads their slots and lines. A thread comes here once or twice in its life; only here it
 * writes words that threads share.
 */
#include <string.h>

#include "base/debug.h"
#include "base/log.h"
#include "process/stats_page.h"
#include "process/thread.h"
#include "process/threads.h"

#define SLOTLESS_WAITS 255 /* before a thread tries again, when all slots were taken */

/*
 * 1 is nobody's nonce: the low bits of a nonce are clear. used: assembly refers to it (base/arch/), which
 * the compiler cannot see.
 */
__attribute__((used)) __thread struct thread me = {
	.counts_nonce = 1,
	.ts_page = ~(uintptr_t)0,
	.arg_page = ~(uintptr_t)0,
	.asleep = NO_RING,
};

/* Under the lock. */
static void take_line(struct process *p)
{
	int i = places_take(&p->line_owners, threads_are_none());

	me.counts = &p->stats_page->shared_line;
	if (i >= 0 && (!p->stats_page_is_file ||
		       (!process_sandboxed && stats_page_reserve(p->stats_page, i))))
		me.counts = stats_page_counts(p->stats_page, i);
	me.pages_tried = 0;
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	me.counts_nonce = p->nonce;
}

void thread_take_line(struct process *p)
{
	if (thread_has_line() || !process_lock(p))
		return;
	take_line(p);
	process_unlock(p);
}

static void use_slot(struct process *p, int i)
{
	struct reg_wait *slot = &p->slots[i];

	debug_assert(process_lock_is_held(p));
	if (p->slots == area.slots && (unsigned)i >= area.kept.slots_used)
		area.kept.slots_used = i + 1;
	memset(slot, 0, sizeof(*slot));
	slot->sigmask_sz = KERNEL_SIGSET_SIZE;
	slot->flags = REG_WAIT_TS;
	me.slot = slot;
	me.offset = i * sizeof(*slot);
	me.busy = NULL;
	/* Written last: from here on a wait may use the slot. */
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	me.nonce = p->nonce;
	debug_assert(thread_owns_slot());
}

bool thread_take_slot(struct process *p)
{
	int i;

	if (thread_has_slot())
		return true;
	if (me.slotless) {
		thread_take_line(p);
		me.slotless--;
		return false;
	}
	if (!process_lock(p))
		return false;
	if (!thread_has_line())
		take_line(p);
	i = places_take(&p->slot_owners, threads_are_none());
	if (i >= 0)
		use_slot(p, i);
	else
		me.slotless = SLOTLESS_WAITS;
	process_unlock(p);
	if (i >= 0)
		log_debug("slot %d taken", i);
	return i >= 0;
}

/*
 * A stack that disarms itself is not there while a handler runs on it, so of such a process nothing is
 * believed. On an alternate stack that we stand on ourselves a frame comes right below us, too.
 */
bool thread_ask_for_stack(uintptr_t *top)
{
	stack_t stack = { 0 };
	uintptr_t end;

	*top = 0;
	if (threads_simulated)
		return false;
	kernel_call(SYS_sigaltstack, 0, (long)&stack, 0, 0, 0, 0);
	if (threads_may_disarm_stacks() || (unsigned)stack.ss_flags & SS_AUTODISARM)
		return false;
	me.stack = stack.ss_flags & SS_DISABLE ? STACK_NONE : STACK_THERE;
	if (stack.ss_flags & (SS_DISABLE | SS_ONSTACK))
		return true;
	end = (uintptr_t)stack.ss_sp + stack.ss_size;
	if (stack.ss_size < STACK_MARKED ||
	    (me.stack_top != end && !is_writable((void *)(end - STACK_MARKED), STACK_MARKED)))
		return false;
	*top = me.stack_top = end;
	return true;
}

void thread_keep_places(void)
{
	struct process *p = process_peek();

	if (!p || !(p->slot_owners.first_unlocked || p->line_owners.first_unlocked) ||
	    !process_lock(p))
		return;
	if (thread_has_slot())
		places_lock(&p->slot_owners, me.offset / sizeof(*me.slot));
	if (thread_has_line() && me.counts == stats_page_counts(p->stats_page, 0))
		places_lock(&p->line_owners, 0);
	process_unlock(p);
}

void count_plain(struct process *p, enum regwait_reason why)
{
	if (!p)
		return;
	thread_take_line(p);
	if (thread_has_line())
		count_one(me.counts->plain[why]);
}

void count_unspun(enum look_reason why)
{
	struct process *p = process_peek();

	if (!p)
		return;
	thread_take_line(p);
	if (thread_has_line())
		count_one(me.counts->unspun[why]);
}
