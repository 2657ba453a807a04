/* SPDX-License-Identifier: MIT */
/*
 * The bare enters that are not registered at once: the first of a thread or of a ring, those
 * without a timeout, those on plain rings. The call that is made is the program's own.
 */
#include "wait/enter.h"
#include "symbols/symbols.h"
#include "wait/measure.h"
#include "base/next.h"
#include "ring/ring.h"

static bool is_index(const struct enter *e)
{
	return e->flags & IORING_ENTER_REGISTERED_RING;
}

static const struct next *next_of_call(const void *caller)
{
	const struct next *next = passes_to(caller);

	return next ? next : next_for(caller);
}

int enter_plain(const struct enter *e)
{
	const struct next *next = e->next;

	if (!next && door_is_armed(e->fd, e->flags))
		return kernel_enter(e->fd, e->submit, e->wait_nr, e->flags, (uintptr_t)e->arg,
				    e->size);
	if (!next)
		next = next_of_call(e->caller);
	return next->io_uring_enter2(e->fd, e->submit, e->wait_nr, e->flags, (void *)e->arg,
				     e->size);
}

int enter_refused(const struct enter *e, int ret)
{
	struct process *p = process_peek();
	int plain;

	/* A mask that cannot be read is the program's own doing, on any ring. */
	if (e->arg->sigmask && !is_readable((void *)(uintptr_t)e->arg->sigmask)) {
		me.counts->registered--;
		count_plain(p, REASON_BAD_POINTER);
		return ret;
	}
	/* Should the ring be another one, it will be looked at anew. */
	if (p && !is_index(e))
		door_write(p, e->fd, 0);
	plain = enter_plain(e);
	me.counts->registered--;
	/* A flag that does not exist: the program's own doing. */
	count_plain(p, plain == ret ? REASON_BAD_POINTER : REASON_UNSEEN);
	return plain;
}

/*
 * A registered wait of the program's own on a ring whose area is ours: without us there is
 * no area, and the kernel finds no entry at any offset.
 */
static int enter_own_entry(const struct enter *e)
{
	struct process *p = process_peek();
	struct enter nowhere = *e;

	if (p && !door_reason(p, e->fd, is_index(e)))
		nowhere.arg = (void *)-sizeof(struct reg_wait);
	return enter_plain(&nowhere);
}

static enum regwait_reason enter_reason(struct process *p, const struct enter *e,
					const void *frame)
{
	enum regwait_reason why = door_reason(p, e->fd, is_index(e));

	if (why && why != REASON_OBSERVED)
		return why;
	if (!argument_is_readable(e->arg, sizeof(*e->arg)))
		return REASON_BAD_POINTER;
	if (!e->arg->ts)
		return REASON_NO_TIMEOUT;
	if (!timeout_is_readable((const struct __kernel_timespec *)(uintptr_t)e->arg->ts) ||
	    (e->arg->sigmask && e->arg->sigmask_sz != KERNEL_SIGSET_SIZE))
		return REASON_BAD_POINTER;
	if (!slot_take(p))
		return me.taking ? REASON_NESTED : REASON_NO_SLOT;
	if (slot_is_busy(frame))
		return REASON_NESTED;
	return why ? why : mode_reason(p->page->mode);
}

int enter_otherwise(const struct enter *e, const void *frame)
{
	enum regwait_reason why;
	struct process *p;

	if (me.plain && next_called(me.plain, e->caller))
		return enter_plain(e);
	if (!enter_is_timed(e))
		return (e->flags & ENTER_TIMED) == ENTER_TIMED &&
		       e->flags & IORING_ENTER_EXT_ARG_REG ? enter_own_entry(e) : enter_plain(e);
	config_greet();
	p = process_peek();
	if (!p || config.mode == MODE_OFF)
		return enter_plain(e);
	why = enter_reason(p, e, frame);
	if (why && why != REASON_OBSERVED) {
		count_plain(p, why);
		return enter_plain(e);
	}
	if (why || p->page->mode != MODE_ON)
		return measure_enter(p, e, why, frame);
	return enter_by_slot(e, frame);
}
